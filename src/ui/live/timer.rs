use std::cell::Cell;

use leptos::prelude::window;
use wasm_bindgen::{JsCast, closure::Closure};

use super::{Tab, tab};

/// The longest pause between two tries, in milliseconds.
const LONGEST: i32 = 30_000;

/// Something that is done after a while, unless it is put off or called off.
/// What is handed to the browser is made once: a stream sets such a timer anew
/// with each event.
pub(super) struct Timer {
    then: Closure<dyn FnMut()>,
    handle: Cell<Option<i32>>,
}

impl Timer {
    pub fn new(then: fn(&'static Tab)) -> Self {
        Self {
            then: Closure::new(move || then(tab())),
            handle: Cell::new(None),
        }
    }

    /// Does it after that many milliseconds, and no sooner.
    pub fn set(&self, after: i32) {
        self.clear();
        let then = self.then.as_js_value().unchecked_ref();
        let handle = window().set_timeout_with_callback_and_timeout_and_arguments_0(then, after);
        self.handle.set(handle.ok());
    }

    pub fn clear(&self) {
        if let Some(handle) = self.handle.take() {
            window().clear_timeout_with_handle(handle);
        }
    }
}

/// That many milliseconds, not the same for everyone: those who were cut off
/// together don't come back together.
pub(super) fn between(least: i32, most: i32) -> i32 {
    least + (f64::from(most - least) * js_sys::Math::random()) as i32
}

/// How long to wait at most after so many failures in a row, in milliseconds.
pub(super) fn longest_pause(failures: u32) -> i32 {
    (1_000_i32 << failures.saturating_sub(1).min(5)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_twice_as_long_each_time_up_to_half_a_minute() {
        let pauses = [1, 2, 3, 4, 5, 6, 7, u32::MAX].map(longest_pause);
        let expected = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
        assert_eq!(pauses, expected);
    }
}
