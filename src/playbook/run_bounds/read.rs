//! Reads the keys that bound a run: `stop_when`, `waves`, `budget`, `window`.

use std::sync::Arc;

use super::bounds::{StopWhen, WaveSize, Waves};
use super::window::{DAY, SendWindow, parse_days, parse_hours, parse_zone};
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::language::playbook::{STOP_WHEN, WAVES, WINDOW};
use crate::language::{Fields, KeyMap};
use crate::model::Share;
use crate::playbook::spanned::Spanned;
use crate::yaml::{Key, Node};

/// Reads the keys that bound a run, and reports their mistakes.
pub(in crate::playbook) struct BoundsReader<'s, 'd> {
    pub(in crate::playbook) source: &'s Arc<Source>,
    pub(in crate::playbook) diagnostics: &'d mut Diagnostics,
}

impl BoundsReader<'_, '_> {
    /// Reads `stop_when`; `waves` is whether the playbook has waves.
    pub(in crate::playbook) fn stop_when(&mut self, node: &Node, waves: bool) -> StopWhen {
        let Some(mut fields) = self.open(node, &STOP_WHEN) else { return StopWhen::default() };
        let stop_when = StopWhen {
            failed: count(&mut fields, "failed"),
            failed_ratio: fields.ratio("failed_ratio"),
            unknown: count(&mut fields, "unknown"),
            new_kind: fields.bool("new_kind").unwrap_or_default(),
        };
        if stop_when.new_kind && !waves {
            let span = fields.node("new_kind").map_or(Span::default(), |node| node.span);
            let message = "`new_kind` needs `waves`: the first wave shows which kinds of failure are known";
            let help = "Add `waves: { sizes: [10] }`; its gate says how many of them must succeed.";
            fields.error("missing-key", span, message, Some(help.to_owned()));
        }
        fields.finish();
        stop_when
    }

    /// Reads `waves`.
    pub(in crate::playbook) fn waves(&mut self, node: &Node, has_rows: bool) -> Option<Waves> {
        let mut fields = self.open(node, &WAVES)?;
        if !has_rows {
            let message = "`waves` need `rows`: without rows the steps run once";
            fields.error("bad-place", node.span, message, Some("Take the key out.".to_owned()));
        }
        fields.required("sizes");
        let sizes = fields.list("sizes").unwrap_or_default();
        let gate = fields.parsed("gate", "a share such as `99%`", Share::parse);
        let sizes: Vec<Option<WaveSize>> = sizes.iter().map(|size| wave_size(&mut fields, size)).collect();
        if sizes.is_empty()
            && let Some(node) = fields.node("sizes")
        {
            let help = "`[3, 10%]` runs three rows, then a tenth of all, then the rest.".to_owned();
            fields.error("bad-value", node.span, "`sizes` must hold at least one size", Some(help));
        }
        fields.finish();
        let sizes: Vec<WaveSize> = sizes.into_iter().collect::<Option<_>>()?;
        (!sizes.is_empty()).then(|| Waves { sizes, gate: gate.unwrap_or(Share::ALL) })
    }

    /// Reads `budget`: the most effects of each kind. The plan checks that the kinds exist.
    pub(in crate::playbook) fn budget(&mut self, entries: &[(Key, Node)]) -> Vec<(Spanned<String>, u64)> {
        let mut budget = Vec::new();
        for (key, node) in entries {
            match node.to_value().as_u64() {
                Some(most) => budget.push((Spanned::new(key.text.clone(), key.span), most)),
                None => {
                    let message = format!("`{}` must be a whole number, and this is {}", key.text, node.describe());
                    let help = "It is how many such effects the run may make, at most.".to_owned();
                    let place = self.source.place(node.span);
                    let diagnostic = crate::diagnostic::Diagnostic::error("bad-type", message).at(place, "");
                    self.diagnostics.push(diagnostic.help(help));
                }
            }
        }
        budget
    }

    /// Reads `window`.
    pub(in crate::playbook) fn window(&mut self, node: &Node) -> Option<SendWindow> {
        let mut fields = self.open(node, &WINDOW)?;
        let days = fields.parsed("days", "days such as `Mon-Fri`", parse_days);
        let days = if fields.node("days").is_some() { days } else { Some([true; 7]) };
        let hours = fields.parsed("hours", "hours such as `09:00-18:00`", parse_hours);
        let hours = if fields.node("hours").is_some() { hours } else { Some((0, DAY)) };
        fields.required("timezone");
        let zone = fields.parsed("timezone", "a time zone such as `Asia/Shanghai`", parse_zone);
        let timezone = fields.text("timezone");
        fields.finish();
        let (days, (from, to)) = (days?, hours?);
        Some(SendWindow { days, from, to, zone: zone?, timezone: timezone?.trim().to_owned() })
    }

    fn open<'a>(&'a mut self, node: &'a Node, map: &'static KeyMap) -> Option<Fields<'a, 'a>> {
        Fields::open(node, self.source, self.diagnostics, map)
    }
}

fn wave_size(fields: &mut Fields<'_, '_>, node: &Node) -> Option<WaveSize> {
    let read = node.as_text().map_or_else(
        || Err(format!("a size must be a number of rows or a share, and this is {}", node.describe())),
        WaveSize::parse,
    );
    read.map_err(|message| fields.error("bad-value", node.span, format!("`sizes`: {message}"), None)).ok()
}

/// Reads a number from 1 on.
fn count(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<u64> {
    let count = fields.integer(key)?;
    if count == 0 {
        let span = fields.node(key).map_or(Span::default(), |node| node.span);
        let help = Some("1 stops at the first.".to_owned());
        fields.error("bad-value", span, format!("`{key}` must be at least 1"), help);
        return None;
    }
    Some(count)
}
