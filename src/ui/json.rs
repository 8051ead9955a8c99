//! JSON, as a browser reads it by itself: what the browser has already needn't
//! be loaded. What isn't there, or isn't of the kind that was asked for, is
//! nothing.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

pub struct Json(JsValue);

impl Json {
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }

    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        Self(Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED))
    }

    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    #[must_use]
    pub fn is_true(&self) -> bool {
        self.0.is_truthy()
    }

    /// A whole number, as exactly as the browser knows it.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // It was a whole number when it was written.
    pub fn number(&self) -> Option<i64> {
        self.0.as_f64().map(|number| number as i64)
    }

    /// How often something was counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.number().unwrap_or_default().unsigned_abs()
    }

    #[must_use]
    pub fn each(&self) -> Vec<Self> {
        let each = self.0.dyn_ref::<Array>();
        each.map_or_else(Vec::new, |each| each.iter().map(Self).collect())
    }

    /// The counts of an object, by their names.
    #[must_use]
    pub fn counts(&self) -> Vec<(String, u64)> {
        let Some(object) = self.0.dyn_ref::<Object>() else {
            return Vec::new();
        };
        let each = Self(Object::entries(object).into()).each();
        let count = |entry: &Self| {
            let [name, count] = [0, 1].map(|place| Reflect::get_u32(&entry.0, place));
            Some((name.ok()?.as_string()?, Self(count.ok()?).count()))
        };
        each.iter().filter_map(count).collect()
    }
}
