//! Builds a program from Handlebars' parse tree: resolves names in their blocks and helpers in the table, and refuses
//! the rest.

#![expect(clippy::wildcard_enum_match_arm, reason = "the elements are those of another crate")]

use handlebars::Path as ParsedPath;
use handlebars::template::{HelperTemplate, Parameter, Subexpression, Template as Parsed, TemplateElement as Element};

use super::blocks::OpenBlocks;
use super::error::{TemplateError, error};
use super::parse::parse;
use super::path::split_name;
use super::program::{Expr, Name, NamePath, PathBase, Placeholder, Program, TextPart};
use super::tags::{Tags, Words, scan};
use crate::diagnostic::{Span, near_miss};
use crate::template::helpers::{Helper, RAW_NAME};

/// The blocks of the language.
const BLOCKS: [&str; 4] = ["if", "unless", "each", "with"];

/// Compiles a text to a program; also returns the names that it uses from the top.
///
/// # Errors
/// The text is not a valid template; the error says what is wrong and where.
pub(in crate::template) fn compile(
    text: &str,
    helpers: &'static [Helper],
) -> Result<(Program, Vec<Name>), TemplateError> {
    let tags = scan(text)?;
    let parsed = parse(text, &tags)?;
    build(&parsed, text, &tags, helpers)
}

/// Builds the program of a parse tree.
fn build(
    parsed: &Parsed,
    text: &str,
    tags: &Tags,
    helpers: &'static [Helper],
) -> Result<(Program, Vec<Name>), TemplateError> {
    let words = Words::new(text, &tags.words);
    let mut builder =
        ProgramBuilder { words, helpers, blocks: OpenBlocks::default(), names: Vec::new(), last: Span::default() };
    let mut parts = builder.parts(parsed)?;
    let constant = parts.iter().all(|part| matches!(part, TextPart::Text(_)));
    let program = match parts.pop() {
        _ if constant => Program::Constant(constant_text(parsed)),
        Some(TextPart::Placeholder(placeholder)) if parts.is_empty() => Program::Whole(placeholder),
        Some(last) => {
            parts.push(last);
            Program::Text(parts)
        }
        None => Program::Constant(String::new()),
    };
    Ok((program, builder.names))
}

fn constant_text(parsed: &Parsed) -> String {
    let texts = parsed.elements.iter().filter_map(|element| match element {
        Element::RawString(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

struct ProgramBuilder<'t> {
    words: Words<'t>,
    helpers: &'static [Helper],
    blocks: OpenBlocks,
    names: Vec<Name>,
    /// The span of the last word that was found.
    last: Span,
}

type Built<T> = Result<T, TemplateError>;

impl ProgramBuilder<'_> {
    fn parts(&mut self, parsed: &Parsed) -> Built<Vec<TextPart>> {
        let mut parts = Vec::new();
        for element in &parsed.elements {
            match element {
                Element::RawString(text) if text.is_empty() => {}
                Element::RawString(text) => parts.push(TextPart::Text(text.clone())),
                Element::Expression(tag) => {
                    let expr = self.expression(tag)?;
                    let raw = matches!(&expr, Expr::Call { helper, .. } if self.helpers[*helper].name == RAW_NAME);
                    parts.push(TextPart::Placeholder(Placeholder { expr, raw }));
                }
                Element::HtmlExpression(tag) => {
                    parts.push(TextPart::Placeholder(Placeholder { expr: self.expression(tag)?, raw: true }))
                }
                Element::HelperBlock(block) => parts.push(self.block(block)?),
                Element::Comment(_) => {}
                _ => return Err(error(self.last, "Partials and decorators are not part of the language", None)),
            }
        }
        Ok(parts)
    }

    fn optional(&mut self, parsed: Option<&Parsed>) -> Built<Vec<TextPart>> {
        parsed.map_or_else(|| Ok(Vec::new()), |parsed| self.parts(parsed))
    }

    fn find(&mut self, word: &str) -> Span {
        self.last = self.words.find(word);
        self.last
    }

    /// Builds a tag or a subexpression: a name, or a helper with its values.
    fn expression(&mut self, tag: &HelperTemplate) -> Built<Expr> {
        let bare = tag.params.is_empty() && tag.hash.is_empty();
        let name = match &tag.name {
            Parameter::Subexpression(inner) if bare => return self.subexpression(inner),
            Parameter::Path(path) if bare && !self.is_helper(written(path)) => return self.path(path),
            Parameter::Path(path) => written(path),
            Parameter::Name(name) => name,
            _ => return Err(error(self.last, "Only a helper takes values", None)),
        };
        let span = self.find(name);
        self.call(name, span, tag)
    }

    fn subexpression(&mut self, inner: &Subexpression) -> Built<Expr> {
        match inner.as_element() {
            Element::Expression(tag) => self.expression(tag),
            _ => Err(error(self.last, "This cannot stand in parentheses", None)),
        }
    }

    fn is_helper(&self, name: &str) -> bool {
        self.helpers.iter().any(|helper| helper.name == name) || BLOCKS.contains(&name)
    }

    fn call(&mut self, name: &str, span: Span, tag: &HelperTemplate) -> Built<Expr> {
        let index = self.helper(name, span)?;
        let helper = &self.helpers[index];
        if !tag.hash.is_empty() {
            let message = format!("`{name}` takes values by their place, not by name");
            return Err(error(span, message, Some(&format!("Write `{}`.", helper.usage))));
        }
        let count = tag.params.len();
        if count < helper.min_values || count > helper.max_values {
            let message = format!("`{name}` takes {}, and here {}", helper.takes(), count_in_words(count));
            return Err(error(span, message, Some(&format!("Write `{}`.", helper.usage))));
        }
        let args = tag.params.iter().map(|param| self.value(param)).collect::<Built<_>>()?;
        Ok(Expr::Call { helper: index, args })
    }

    fn helper(&self, name: &str, span: Span) -> Built<usize> {
        if let Some(index) = self.helpers.iter().position(|helper| helper.name == name) {
            return Ok(index);
        }
        if BLOCKS.contains(&name) {
            let help = format!("Write `{{{{#{name} …}}}}…{{{{/{name}}}}}`.");
            return Err(error(span, format!("`{name}` is a block"), Some(&help)));
        }
        if name == "log" {
            return Err(error(span, "`log` is not part of the language", None));
        }
        let known = self.helpers.iter().map(|helper| helper.name);
        let help = match near_miss(name, known.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("The helpers are {}.", known.collect::<Vec<_>>().join(", ")),
        };
        Err(error(span, format!("There is no helper `{name}`"), Some(&help)))
    }

    fn value(&mut self, param: &Parameter) -> Built<Expr> {
        match param {
            Parameter::Literal(value) => Ok(Expr::Literal(value.clone())),
            Parameter::Subexpression(inner) => self.subexpression(inner),
            Parameter::Path(path) => self.name_or_helper(path),
            other => Err(error(self.last, format!("`{}` is not a value", other.as_name().unwrap_or_default()), None)),
        }
    }

    fn block(&mut self, block: &HelperTemplate) -> Built<TextPart> {
        let name = block.name.as_name().unwrap_or_default().to_owned();
        let span = self.find(&name);
        if !BLOCKS.contains(&name.as_str()) {
            let known = self.helpers.iter().any(|helper| helper.name == name);
            let message =
                if known { format!("`{name}` is not a block") } else { format!("There is no block `{name}`") };
            let near = near_miss(&name, BLOCKS).map(|near| format!("Did you mean `{{{{#{near} …}}}}`?"));
            let help = near.unwrap_or_else(|| "The blocks are `if`, `unless`, `each` and `with`.".to_owned());
            return Err(error(span, message, Some(&help)));
        }
        let [param] = block.params.as_slice() else {
            return Err(error(
                span,
                format!("`{name}` takes one value, and here {}", count_in_words(block.params.len())),
                None,
            ));
        };
        if !block.hash.is_empty() {
            return Err(error(span, format!("`{name}` takes no values by name"), None));
        }
        let value = self.value(param)?;
        self.body(&name, value, block)
    }

    fn body(&mut self, name: &str, value: Expr, block: &HelperTemplate) -> Built<TextPart> {
        let brings_frame = matches!(name, "each" | "with");
        if brings_frame {
            self.blocks.enter(block, name == "each");
        }
        let body = self.optional(block.template.as_ref());
        if brings_frame {
            self.blocks.leave();
        }
        let (body, otherwise) = (body?, self.optional(block.inverse.as_ref())?);
        Ok(match name {
            "each" => TextPart::Each { list: value, body, otherwise },
            "with" => TextPart::With { value, body, otherwise },
            _ => TextPart::If { test: value, wanted: name == "if", body, otherwise },
        })
    }

    /// Builds a name as a value. A helper that needs no values, such as `now`, needs no parentheses.
    fn name_or_helper(&mut self, path: &ParsedPath) -> Built<Expr> {
        let name = written(path);
        match self.helpers.iter().position(|helper| helper.name == name && helper.min_values == 0) {
            Some(helper) => {
                self.find(name);
                Ok(Expr::Call { helper, args: Vec::new() })
            }
            None => self.path(path),
        }
    }

    fn path(&mut self, path: &ParsedPath) -> Built<Expr> {
        let written = written(path).to_owned();
        let span = self.find(&written);
        let spelled = split_name(&written);
        let (base, segments) = self.blocks.base(&spelled, span)?;
        if base == PathBase::Scope {
            if segments.is_empty() {
                let help = "Write a name, such as `row.name`; inside `each`, `this` is the element.";
                return Err(error(span, format!("`{written}` means nothing here"), Some(help)));
            }
            self.names.push(Name { path: segments.clone(), span });
        }
        Ok(Expr::Name(NamePath { base, segments, written }))
    }
}

fn written(path: &ParsedPath) -> &str {
    match path {
        ParsedPath::Relative((_, written)) | ParsedPath::Local((_, _, written)) => written,
    }
}

fn count_in_words(count: usize) -> String {
    match count {
        0 => "there is none".to_owned(),
        1 => "there is one".to_owned(),
        count => format!("there are {count}"),
    }
}
