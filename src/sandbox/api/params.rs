//! What a request asks for: fields with brackets, as `items[0][price]`.

use serde_json::{Map, Value};

use crate::sandbox::refusal::Refusal;

/// How deep brackets may go.
const DEPTH: usize = 8;

/// The fields of a request, or of one bracketed part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    fields: Map<String, Value>,
    /// What stands before the brackets, if this is such a part.
    within: String,
}

impl Params {
    /// Reads the query and the body of a request.
    ///
    /// # Errors
    /// If one isn't form-encoded.
    pub fn read(query: &str, body: &[u8]) -> Result<Self, Refusal> {
        let config = serde_qs::Config::new(DEPTH, false);
        let mut fields: Map<String, Value> = Map::new();
        for text in [query.as_bytes(), body] {
            let read: Map<String, Value> = config
                .deserialize_bytes(text)
                .map_err(|error| Refusal::invalid(format!("Invalid request: {error}")))?;
            fields.extend(read);
        }
        Ok(Self {
            fields,
            within: String::new(),
        })
    }

    #[must_use]
    pub fn as_json(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    /// Refuses what this endpoint doesn't know.
    ///
    /// # Errors
    /// With the first such parameter.
    pub fn allow(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self
            .fields
            .keys()
            .find(|name| !known.contains(&name.as_str()) && *name != "expand");
        match unknown {
            None => Ok(()),
            Some(name) => Err(Refusal::invalid(format!(
                "Received unknown parameter: {}",
                self.path(name)
            ))
            .with_code("parameter_unknown")
            .about(&self.path(name))),
        }
    }

    /// Every field, by its name.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// How a field is called from outside.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.within.is_empty() {
            name.to_owned()
        } else {
            format!("{}[{name}]", self.within)
        }
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A text, which may be empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    /// A text that isn't empty.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<String> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// # Errors
    /// If it is missing.
    pub fn need(&self, name: &str) -> Result<String, Refusal> {
        self.word(name)
            .ok_or_else(|| Refusal::required(&self.path(name)))
    }

    /// # Errors
    /// If it is no whole number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.word(name) else {
            return Ok(None);
        };
        let number = text.parse().map_err(|_| {
            Refusal::invalid(format!("Invalid integer: {text}"))
                .with_code("parameter_invalid_integer")
                .about(&self.path(name))
        })?;
        Ok(Some(number))
    }

    /// A whole number that isn't below zero.
    ///
    /// # Errors
    /// If it is something else.
    pub fn count(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let number = self.number(name)?;
        number
            .map(|number| {
                u32::try_from(number).map_err(|_| {
                    Refusal::invalid(format!("Invalid non-negative integer: {number}"))
                        .with_code("parameter_invalid_integer")
                        .about(&self.path(name))
                })
            })
            .transpose()
    }

    /// # Errors
    /// If it is neither true nor false.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name) {
            None | Some("") => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => {
                Err(Refusal::invalid(format!("Invalid boolean: {other}")).about(&self.path(name)))
            }
        }
    }

    /// One of a few words.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn one_of<T>(
        &self,
        name: &str,
        named: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(word) = self.word(name) else {
            return Ok(None);
        };
        match named(&word) {
            Some(one) => Ok(Some(one)),
            None => Err(
                Refusal::invalid(format!("Invalid {}: {word}", self.path(name)))
                    .about(&self.path(name)),
            ),
        }
    }

    /// The part in the brackets of a name.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        let fields = self.fields.get(name).and_then(Value::as_object);
        Self {
            fields: fields.cloned().unwrap_or_default(),
            within: self.path(name),
        }
    }

    /// The numbered parts in the brackets of a name.
    #[must_use]
    pub fn parts(&self, name: &str) -> Vec<Self> {
        let path = self.path(name);
        let part = |(number, value): (usize, &Value)| {
            Some(Self {
                fields: value.as_object()?.clone(),
                within: format!("{path}[{number}]"),
            })
        };
        self.values(name)
            .into_iter()
            .enumerate()
            .filter_map(part)
            .collect()
    }

    /// The texts in the brackets of a name.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.values(name)
            .into_iter()
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect()
    }

    fn values(&self, name: &str) -> Vec<&Value> {
        match self.fields.get(name) {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(Value::Object(values)) => values.values().collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Params {
        Params::read("", body.as_bytes()).unwrap()
    }

    #[test]
    fn brackets_nest_whether_they_are_encoded_or_not() {
        for body in [
            "items[0][price]=price_a&items[0][quantity]=2&items[1][price]=price_b&email=a%2Bb%40c.d",
            "items%5B0%5D%5Bprice%5D=price_a&items%5B0%5D%5Bquantity%5D=2&\
             items%5B1%5D%5Bprice%5D=price_b&email=a%2Bb%40c.d",
        ] {
            let params = read(body);
            assert_eq!(params.text("email"), Some("a+b@c.d"));
            let items = params.parts("items");
            assert_eq!(items.len(), 2);
            assert_eq!(items[0].text("price"), Some("price_a"));
            assert_eq!(items[0].count("quantity"), Ok(Some(2)));
            assert_eq!(items[1].need("price"), Ok("price_b".to_owned()));
            assert_eq!(items[1].need("id"), Err(Refusal::required("items[1][id]")));
        }
    }

    #[test]
    fn lists_come_with_and_without_numbers() {
        let without = Params::read("expand[]=a&expand[]=b", b"").unwrap();
        let with = Params::read("expand%5B0%5D=a&expand%5B1%5D=b", b"").unwrap();
        assert_eq!(without.texts("expand"), ["a", "b"]);
        assert_eq!(with.texts("expand"), ["a", "b"]);
    }

    #[test]
    fn what_is_unknown_is_refused_by_its_name() {
        assert_eq!(read("email=a&expand[]=b").allow(&["email"]), Ok(()));
        let refusal = read("emial=a").allow(&["email"]).unwrap_err();
        assert_eq!(refusal.code, Some("parameter_unknown"));
        assert_eq!(refusal.param.as_deref(), Some("emial"));
    }
}
