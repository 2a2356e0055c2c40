//! The figures: each with what is wanted and what was reached, as a table for people and as JSON.

use std::path::Path;

use serde::Serialize;

/// What a figure must be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    None,
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) reached: f64,
    pub(crate) goal: Goal,
    pub(crate) met: Option<bool>,
}

/// All lines so far; each is printed as it comes.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures {
    figures: Vec<Figure>,
    missed: usize,
}

impl Figures {
    /// Prints the head.
    pub(crate) fn head() {
        println!("| figure | reached | goal | |");
        println!("|---|---|---|---|");
    }

    /// A figure without a goal.
    pub(crate) fn note(&mut self, name: impl Into<String>, reached: f64, unit: &'static str) {
        self.add(name, reached, unit, Goal::None);
    }

    /// A figure.
    pub(crate) fn add(&mut self, name: impl Into<String>, reached: f64, unit: &'static str, goal: Goal) {
        let name = name.into();
        let (wanted, met) = match goal {
            Goal::AtLeast(least) => (format!("≥ {}", shown(least)), Some(reached >= least)),
            Goal::AtMost(most) => (format!("≤ {}", shown(most)), Some(reached <= most)),
            Goal::None => (String::new(), None),
        };
        let mark = match met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        self.missed += usize::from(met == Some(false));
        println!("| {name} | {} {unit} | {wanted} | {mark} |", shown(reached));
        self.figures.push(Figure { name, unit, reached, goal, met });
    }

    /// Prints the sum and writes the file.
    pub(crate) fn close(&self, file: Option<&Path>) -> anyhow::Result<()> {
        let with_goal = self.figures.iter().filter(|figure| figure.met.is_some()).count();
        println!("\n{} of {with_goal} goals met", with_goal - self.missed);
        if let Some(file) = file {
            std::fs::write(file, serde_json::to_string_pretty(self)?)?;
        }
        Ok(())
    }
}

fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
