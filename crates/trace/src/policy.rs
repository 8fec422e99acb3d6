//! What a capture keeps: the rules, and what they say of each callsite.

use std::{cell::Cell, fmt, sync::Arc};

use tracing_core::{Level, LevelFilter, Metadata};

use crate::{flag::Raised, redact::Redaction};

/// The field by which a span or event says itself whether it is to be kept.
pub(crate) const MARKER: &str = "probity.capture";

/// The field that every span of the OpenTelemetry GenAI conventions carries.
const GEN_AI_OPERATION: &str = "gen_ai.operation.name";

/// The target of raw entries; see [`raw`](crate::raw).
pub(crate) const RAW_TARGET: &str = "probity::raw";

/// Targets of libraries that are known to describe model calls and tools with their spans.
const KNOWN_EMITTERS: &[&str] = &["probity", "rig", "rig_agent", "genai"];

type Predicate = Arc<dyn Fn(&Metadata<'_>) -> bool + Send + Sync>;

/// Says which spans and events within a capture are kept.
///
/// A capture is an explicit scope, so by [default](Self::default) everything in it at `INFO` or above
/// is kept, from any target; below `INFO`, what declares the field `probity.capture` or
/// `gen_ai.operation.name`, and what comes at `DEBUG` from a known emitter (targets `probity`, `rig`, `rig_agent`
/// and `genai`, and those below them). The value of `probity.capture` has the last word: `false`
/// leaves a span out, and its children hang from its nearest kept ancestor; `true` keeps it.
///
/// All but that value is decided from the static metadata of a callsite, and remembered per thread. Filters of the
/// subscriber stack come first: what they disable never reaches the layer.
///
/// # Examples
///
/// ```
/// use probity_trace::{CapturePolicy, layer};
/// use tracing::Level;
///
/// let policy = CapturePolicy::default()
///     .with_level(Level::DEBUG)
///     .with_target("my_agent", Level::TRACE)
///     .without_target("hyper");
/// let layer = layer().with_policy(policy);
/// # drop(layer);
/// ```
#[derive(Clone)]
pub struct CapturePolicy {
    /// The least severe level that is kept from any target, marked or not.
    level: LevelFilter,
    /// The least severe level by target; the longest that fits decides.
    targets: Vec<(String, LevelFilter)>,
    /// Whether names of fields and known emitters count below `level`.
    conventions: bool,
    predicate: Option<Predicate>,
}

impl Default for CapturePolicy {
    fn default() -> Self {
        Self { level: LevelFilter::INFO, targets: Vec::new(), conventions: true, predicate: None }
    }
}

impl CapturePolicy {
    /// Keeps everything, down to `TRACE`.
    #[must_use]
    pub fn all() -> Self {
        Self { level: LevelFilter::TRACE, ..Self::default() }
    }

    /// Keeps only what declares `probity.capture` or `gen_ai.operation.name` or comes from a known
    /// emitter.
    #[must_use]
    pub fn marked() -> Self {
        Self { level: LevelFilter::OFF, ..Self::default() }
    }

    /// Keeps everything that is at least as severe as `level`.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = LevelFilter::from_level(level);
        self
    }

    /// Keeps, from `target` and the targets below it, what is at least as severe as `level`. Of
    /// several targets that fit, the longest decides.
    #[must_use]
    pub fn with_target(self, target: impl Into<String>, level: Level) -> Self {
        self.target_at(target, LevelFilter::from_level(level))
    }

    /// Keeps nothing from `target` and the targets below it, whatever else would keep it, but for
    /// the value `true` of `probity.capture`.
    #[must_use]
    pub fn without_target(self, target: impl Into<String>) -> Self {
        self.target_at(target, LevelFilter::OFF)
    }

    /// Keeps only what `predicate` says, in addition to all other rules. It is asked about a callsite
    /// and not about each span: once per thread, and again where a thread meets very many callsites.
    /// What it logs itself at a callsite that is being decided is not kept.
    #[must_use]
    pub fn with_predicate(
        mut self,
        predicate: impl Fn(&Metadata<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    fn target_at(mut self, target: impl Into<String>, level: LevelFilter) -> Self {
        self.targets.push((target.into(), level));
        self
    }

    /// Returns whether the callsite is kept unless the value of its marker says otherwise.
    pub(crate) fn keeps(&self, metadata: &Metadata<'_>) -> bool {
        let of_target = self
            .targets
            .iter()
            .filter(|(target, _)| is_below(metadata.target(), target))
            .max_by_key(|(target, _)| target.len());
        let kept = match of_target {
            Some((_, level)) if *level == LevelFilter::OFF => false,
            Some((_, level)) if metadata.level() <= level => true,
            None if *metadata.level() <= self.level => true,
            _ => self.conventions && follows_conventions(metadata),
        };
        kept && self.predicate.as_ref().is_none_or(|predicate| predicate(metadata))
    }
}

fn follows_conventions(metadata: &Metadata<'_>) -> bool {
    let fields = metadata.fields();
    fields.field(MARKER).is_some()
        || fields.field(GEN_AI_OPERATION).is_some()
        // At `TRACE` they log whole requests and answers, whoever wants content or not.
        || (*metadata.level() <= Level::DEBUG
            && KNOWN_EMITTERS.iter().any(|emitter| is_below(metadata.target(), emitter)))
}

/// Returns whether `target` is `ancestor` or a module below it.
fn is_below(target: &str, ancestor: &str) -> bool {
    target
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || ancestor.ends_with("::"))
}

impl fmt::Debug for CapturePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CapturePolicy")
            .field("level", &self.level)
            .field("targets", &self.targets)
            .field("conventions", &self.conventions)
            .field("predicate", &self.predicate.as_ref().map(|_| "Fn(&Metadata) -> bool"))
            .finish()
    }
}

/// All rules of one layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) policy: CapturePolicy,
    pub(crate) redaction: Arc<Redaction>,
}

/// What the rules say of a callsite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Keep its spans and events, unless the value of the marker says otherwise.
    pub(crate) keep: bool,
    /// The callsite declares the marker, so that its value must be looked at.
    pub(crate) marked: bool,
    /// Its events are raw entries.
    pub(crate) raw: bool,
    /// Bit `i` says that field `i` is secret.
    pub(crate) secrets: u64,
}

impl Verdict {
    pub(crate) const UNWANTED: Self = Self { keep: false, marked: false, raw: false, secrets: 0 };

    /// Returns whether nothing of the callsite needs to be looked at.
    #[inline]
    pub(crate) fn is_unwanted(self) -> bool {
        !self.keep && !self.marked && !self.raw
    }

    #[cold]
    pub(crate) fn of(rules: &Rules, metadata: &Metadata<'_>) -> Self {
        let secrets = metadata
            .fields()
            .iter()
            .take(64)
            .filter(|field| rules.redaction.is_secret(field.name()))
            .fold(0, |secrets, field| secrets | 1 << field.index());
        let raw = metadata.target() == RAW_TARGET && metadata.is_event();
        Self {
            keep: !raw && rules.policy.keeps(metadata),
            marked: !raw && metadata.fields().field(MARKER).is_some(),
            raw,
            secrets,
        }
    }
}

thread_local! {
    /// A predicate may run on this thread.
    static DECIDING: Cell<bool> = const { Cell::new(false) };
}

/// Marks that this thread asks the rules about a callsite; `None` if it does so already.
pub(crate) fn deciding() -> Option<Raised> {
    Raised::raise(&DECIDING)
}

const SLOTS: usize = 64;

/// The verdicts of the callsites that a thread met lately, by layer and address of the metadata.
#[derive(Debug)]
pub(crate) struct VerdictCache {
    slots: [Option<(u32, &'static Metadata<'static>, Verdict)>; SLOTS],
}

impl VerdictCache {
    pub(crate) const fn new() -> Self {
        Self { slots: [const { None }; SLOTS] }
    }

    #[inline]
    pub(crate) fn get(&self, layer: u32, metadata: &'static Metadata<'static>) -> Option<Verdict> {
        match self.slots.get(slot_of(metadata))? {
            Some((of, known, verdict)) if *of == layer && std::ptr::eq(*known, metadata) => {
                Some(*verdict)
            }
            _ => None,
        }
    }

    pub(crate) fn put(
        &mut self,
        layer: u32,
        metadata: &'static Metadata<'static>,
        verdict: Verdict,
    ) {
        if let Some(slot) = self.slots.get_mut(slot_of(metadata)) {
            *slot = Some((layer, metadata, verdict));
        }
    }
}

#[inline]
fn slot_of(metadata: &'static Metadata<'static>) -> usize {
    // Metadata is over 64 bytes long and aligned to 8, so that neighbors differ from bit 6 on.
    let address = std::ptr::from_ref(metadata).addr();
    (address >> 6 ^ address >> 12) % SLOTS
}
