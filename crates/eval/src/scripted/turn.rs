//! What a scripted reply may depend on besides the request.

use super::random::Random;

/// One request to a [`ScriptedModel`](super::ScriptedModel): its number, and random numbers of its own.
///
/// A request that is sent again after an error is a turn of its own.
///
/// The random numbers depend on the seed of the model, on the
/// [seed of the request](crate::model::Settings::seed) if it has one, and on how many requests with
/// that seed the model got before; on nothing else.
///
/// # Examples
///
/// A model that is right four times in five:
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{Budget, Llm, scripted::ScriptedModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let model = ScriptedModel::from_fn(|_, turn| if turn.chance(0.8) { "Paris" } else { "Rome" });
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
/// let mut right = 0;
/// for _ in 0..100 {
///     right += u32::from(llm.completion("The capital of France?").collect().await?.text == "Paris");
/// }
/// assert_eq!(right, 76); // The same on every machine.
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Turn {
    number: u64,
    random: Random,
}

impl Turn {
    pub(super) fn new(number: u64, random: Random) -> Self {
        Self { number, random }
    }

    /// Returns how many requests the model got before this one.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let model = ScriptedModel::from_fn(|_, turn| format!("answer {}", turn.number()));
    /// # drop(model);
    /// ```
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Draws whether something happens that has this probability; never if it is 0, below 0 or NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Reply, ScriptedModel};
    ///
    /// let model = ScriptedModel::from_fn(|_, turn| {
    ///     if turn.chance(0.1) { Reply::refusal("I cannot help with that.") } else { Reply::text("Done.") }
    /// });
    /// # drop(model);
    /// ```
    pub fn chance(&mut self, probability: f64) -> bool {
        self.random.chance(probability)
    }

    /// Draws a number of `0.0..1.0`, all equally likely.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let model = ScriptedModel::from_fn(|_, turn| format!(r#"{{"score": {}}}"#, turn.fraction()));
    /// # drop(model);
    /// ```
    pub fn fraction(&mut self) -> f64 {
        self.random.fraction()
    }

    /// Draws a whole number below `bound`, all equally likely; 0 if `bound` is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let dice = ScriptedModel::from_fn(|_, turn| (1 + turn.below(6)).to_string());
    /// # drop(dice);
    /// ```
    pub fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// Draws one of these, all equally likely; `None` if there are none.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let model = ScriptedModel::from_fn(|_, turn| *turn.choose(&["yes", "no"]).unwrap_or(&"maybe"));
    /// # drop(model);
    /// ```
    pub fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(from.len() as u64);
        from.get(usize::try_from(index).ok()?)
    }
}
