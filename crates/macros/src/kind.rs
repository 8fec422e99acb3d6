//! The kinds of functions that can be observed.

/// What an observed function is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Function,
    Tool,
    Llm,
    Agent,
    Chain,
}

impl Kind {
    const ALL: [(&'static str, Self); 5] = [
        ("function", Self::Function),
        ("tool", Self::Tool),
        ("llm", Self::Llm),
        ("agent", Self::Agent),
        ("chain", Self::Chain),
    ];

    /// Returns the kind of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Returns the name by which the kind is written.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("function", |(name, _)| name)
    }
}
