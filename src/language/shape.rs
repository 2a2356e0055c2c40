//! What a table of the language consists of: maps of keys, keys, and the shapes of their values.

/// A map of the language: a closed set of keys, such as a step or a column.
#[derive(Debug)]
pub struct KeyMap {
    /// The name in `explain` and in the manual: `step`. Unique in the language.
    pub name: &'static str,
    /// How messages call such a map: `a step`.
    pub what: &'static str,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// Its keys, in the order in which messages, schemas and the manual list them.
    pub keys: &'static [Key],
    /// What its keys ask of each other.
    pub rules: &'static [Rule],
    /// Such a map in full, as YAML.
    pub example: &'static str,
}

/// A key of a map.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key as written.
    pub name: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// What it says, in one sentence.
    pub doc: &'static str,
    /// Whether the map must have it.
    pub required: bool,
    /// Whether the key may hold `null` with a meaning of its own, or must not hold it; by default `null` stands for an
    /// absent key.
    pub null: Null,
    /// What holds without the key: a value as YAML, or words in parentheses; `None` where nothing does.
    pub default: Option<&'static str>,
    /// The version of the language that brought the key.
    pub since: u32,
    /// The key with a value, as YAML.
    pub example: &'static str,
    /// Another key, with its value, without which the example means nothing; `None` where it stands alone.
    pub example_with: Option<&'static str>,
    /// The message for a key that is planned and cannot be used yet.
    pub not_built: Option<&'static str>,
}

/// What holds without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDefault {
    /// A value, as YAML.
    Value(&'static str),
    /// What happens, in words.
    Words(&'static str),
}

/// What `null` means as the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// The same as an absent key.
    Absent,
    /// A value of its own, which a required key may hold.
    Value,
    /// A mistake.
    Refused,
}

/// What the value of a key may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text: any scalar, taken as it is written.
    Text,
    /// A text that a regular expression must match.
    Matching(&'static str),
    /// A scalar that may hold templates.
    Template,
    /// One expression in braces and nothing else.
    Condition,
    /// `true` or `false`.
    Bool,
    /// A whole number from `least` to `most`.
    Count {
        /// The smallest number.
        least: u64,
        /// The largest number; `None` where no shape limits it.
        most: Option<u64>,
    },
    /// A whole number, which may be negative.
    Integer,
    /// A duration: `30s`, `500ms`, `2m`.
    Duration,
    /// A number of calls in a time: `10/s`, `100/20s`.
    Rate,
    /// A share: `10%`, `0.1`.
    Share,
    /// One of several words.
    Words(&'static [WordDoc]),
    /// One name, or a list of at least one.
    Names,
    /// One name, or a list that may be empty.
    AnyNames,
    /// A list whose elements have one shape; at least `least` of them.
    List {
        /// The shape of an element.
        of: &'static Shape,
        /// The fewest elements.
        least: u64,
    },
    /// A map of the language.
    Map(&'static KeyMap),
    /// A map whose keys are the author's own, each value of one shape.
    Each(&'static EachKey),
    /// One of several shapes.
    AnyOf(&'static [Shape]),
    /// A shape, or null.
    OrNull(&'static Shape),
    /// Any value.
    Any,
    /// Any map.
    AnyMap,
    /// Exactly this number.
    Version(u64),
    /// What depends on the known providers, with the shapes that stand in it whatever they are.
    Slot(Slot, &'static [Shape]),
}

/// A map whose keys are the author's own.
#[derive(Debug)]
pub struct EachKey {
    /// What a key is, as a placeholder: `COLUMN`.
    pub name: &'static str,
    /// The shape of each value.
    pub of: Shape,
}

/// A value whose shape depends on the known providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// `uses`: the name of an operation.
    OperationName,
    /// `with`: the inputs of the operation.
    Inputs,
    /// `settings` of a step: settings of the provider.
    StepSettings,
    /// The keys of `budget`: the kinds of effects that operations count.
    Budget,
    /// `providers` of the settings.
    OwnProviders,
    /// `connections` of an environment.
    Connections,
    /// `provider` of a connection.
    ProviderName,
    /// `settings` of a connection.
    ConnectionSettings,
    /// `credentials` of a connection.
    Credentials,
    /// `auth` of a connection whose provider leaves the scheme open.
    ConnectionAuth,
    /// `daily_quota` of a connection whose provider has a quota.
    DailyQuota,
    /// `defaults` of a connection.
    Defaults,
    /// `operations` of a connection.
    ConnectionOperations,
    /// The operation that a request of a test belongs to.
    TestOperation,
}

/// A word that a key may hold.
#[derive(Debug, Clone, Copy)]
pub struct WordDoc {
    /// The word as written.
    pub word: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// What the keys of a map ask of each other.
#[derive(Debug)]
pub struct Rule {
    /// The rule in one sentence.
    pub doc: &'static str,
    /// The rule as a JSON Schema that the map must satisfy.
    pub schema: &'static str,
}

// A table refers to other tables, which are statics, so what stands inside a shape must be a static as well.

/// A map whose keys are the author's own: `each!("COLUMN", Shape::Text)`.
macro_rules! each {
    ($name:literal, $of:expr) => {
        $crate::language::Shape::Each({
            static EACH: $crate::language::EachKey = $crate::language::EachKey { name: $name, of: $of };
            &EACH
        })
    };
}

/// A list of at least so many elements: `list!(Shape::Text, 1)`.
macro_rules! list {
    ($of:expr, $least:literal) => {
        $crate::language::Shape::List {
            of: {
                static OF: $crate::language::Shape = $of;
                &OF
            },
            least: $least,
        }
    };
}

/// One of several shapes: `any_of!(Shape::Text, Shape::Bool)`.
macro_rules! any_of {
    ($($shape:expr),+ $(,)?) => {
        $crate::language::Shape::AnyOf({
            static SHAPES: [$crate::language::Shape; [$(stringify!($shape)),+].len()] = [$($shape),+];
            &SHAPES
        })
    };
}

/// A shape, or null: `or_null!(Shape::Text)`.
macro_rules! or_null {
    ($of:expr) => {
        $crate::language::Shape::OrNull({
            static OF: $crate::language::Shape = $of;
            &OF
        })
    };
}

/// A slot with the shapes that stand in it: `slot!(Slot::Inputs)`.
macro_rules! slot {
    ($slot:expr $(, $shape:expr)* $(,)?) => {
        $crate::language::Shape::Slot($slot, {
            const COUNT: usize = { let shapes: &[&str] = &[$(stringify!($shape)),*]; shapes.len() };
            static SHAPES: [$crate::language::Shape; COUNT] = [$($shape),*];
            &SHAPES
        })
    };
}

pub(in crate::language) use {any_of, each, list, or_null, slot};

/// Makes an optional key.
#[must_use]
pub const fn key(name: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape,
        doc,
        required: false,
        null: Null::Absent,
        default: None,
        since: 1,
        example,
        example_with: None,
        not_built: None,
    }
}

/// Makes a word with its meaning.
#[must_use]
pub const fn word(word: &'static str, doc: &'static str) -> WordDoc {
    WordDoc { word, doc }
}

impl Key {
    /// What holds without the key; `None` where nothing does.
    #[must_use]
    pub fn without(&self) -> Option<KeyDefault> {
        let default = self.default?;
        let words = default.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        Some(words.map_or(KeyDefault::Value(default), KeyDefault::Words))
    }

    /// The key as one that the map must have.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The key with what holds without it.
    #[must_use]
    pub const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    /// The key as one for which `null` is a value.
    #[must_use]
    pub const fn null_is_a_value(mut self) -> Self {
        self.null = Null::Value;
        self
    }

    /// The key as one that must not hold `null`.
    #[must_use]
    pub const fn null_refused(mut self) -> Self {
        self.null = Null::Refused;
        self
    }

    /// The key with another one that its example needs.
    #[must_use]
    pub const fn of(mut self, other: &'static str) -> Self {
        self.example_with = Some(other);
        self
    }

    /// The key as one that is planned; `message` says what to use instead.
    #[must_use]
    pub const fn not_built(mut self, message: &'static str) -> Self {
        self.not_built = Some(message);
        self
    }
}

impl KeyMap {
    /// The key with this name; `None` where the map has none.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The keys that can be used, in their order.
    pub fn built(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().filter(|key| key.not_built.is_none())
    }

    /// The names of the keys that can be used, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.built().map(|key| key.name).collect()
    }
}

impl Slot {
    /// What stands in the slot, in words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::OperationName => "the name of an operation",
            Self::Inputs => "map of the operation's inputs",
            Self::StepSettings | Self::ConnectionSettings => "map of the provider's settings",
            Self::Budget => "map of KIND: a whole number from 0",
            Self::OwnProviders => "text, or map `own_providers` with map `replaced_provider` under each PROVIDER",
            Self::Connections => "map of CONNECTION: map `connection`",
            Self::ProviderName => "the name of a provider",
            Self::Credentials => "map of CREDENTIAL: map `credential`, or text",
            Self::ConnectionAuth => "map `connection_auth`",
            Self::DailyQuota => "a whole number from 1",
            Self::Defaults => "map of inputs",
            Self::ConnectionOperations => "map of OPERATION: map `operation_override`",
            Self::TestOperation => "the name of an operation",
        }
    }
}

impl Shape {
    /// The shapes that stand directly inside: alternatives, elements, values of the author's own keys, and what stands
    /// in a slot. The keys of a map are not among them.
    #[must_use]
    pub fn inside(&self) -> &'static [Shape] {
        match self {
            Self::List { of, .. } | Self::OrNull(of) => std::slice::from_ref(of),
            Self::Each(each) => std::slice::from_ref(&each.of),
            Self::AnyOf(shapes) | Self::Slot(_, shapes) => shapes,
            Self::Text
            | Self::Matching(_)
            | Self::Template
            | Self::Condition
            | Self::Bool
            | Self::Count { .. }
            | Self::Integer
            | Self::Duration
            | Self::Rate
            | Self::Share
            | Self::Words(_)
            | Self::Names
            | Self::AnyNames
            | Self::Map(_)
            | Self::Any
            | Self::AnyMap
            | Self::Version(_) => &[],
        }
    }

    /// The maps of the language that stand in the value, at any depth of lists and alternatives.
    #[must_use]
    pub fn maps(&self) -> Vec<&'static KeyMap> {
        if let Self::Map(map) = self {
            return vec![map];
        }
        self.inside().iter().flat_map(Self::maps).collect()
    }

    /// The words that the value may be, with their meanings; empty where it is no word.
    #[must_use]
    pub fn words(&self) -> Vec<WordDoc> {
        if let Self::Words(words) = self {
            return words.to_vec();
        }
        let is_choice = matches!(self, Self::AnyOf(_) | Self::OrNull(_));
        self.inside().iter().filter(|_| is_choice).flat_map(Self::words).collect()
    }
}
