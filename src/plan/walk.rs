//! Walking the templates of a bound tree.

use super::bound::BoundTree;
use crate::template::Template;

impl BoundTree {
    /// Calls `each` with every template inside.
    pub fn each_template(&self, each: &mut dyn FnMut(&Template)) {
        match self {
            Self::Constant(..) => {}
            Self::Template(template, _) => each(template),
            Self::List(items) => items.iter().for_each(|item| item.each_template(each)),
            Self::Map(fields) => fields.iter().for_each(|(_, field)| field.each_template(each)),
            Self::Each(list, body, _) => {
                each(list);
                body.each_template(each);
            }
        }
    }
}
