use leptos::prelude::*;

use super::{Field, Form, Submit};
use crate::{
    flash::Flash,
    ui::{Glyph, Icon},
};

/// A dialog that asks to type a name before something is destroyed. Came the
/// form back with an error and without a script, it is open.
#[component]
pub fn ConfirmDanger(
    /// The dialog's id, for the button that opens it.
    id: &'static str,
    #[prop(into)] function: String,
    #[prop(into)] org: String,
    #[prop(into)] title: String,
    #[prop(into)] warning: String,
    /// What is to be typed.
    #[prop(into)]
    phrase: String,
    #[prop(into)] label: String,
    /// One more value to send.
    #[prop(optional)]
    with: Option<(&'static str, String)>,
) -> impl IntoView {
    let came_back = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .is_some_and(|form| form.action == format!("/_fn/{function}"));
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by closedby="any" open=came_back>
            <Form function=function org=org>
                {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                <div class="dialog-head">
                    <h2 id=heading>{title}</h2>
                    <button class="button ghost icon-only small" type="button" commandfor=id command="close" aria-label="Close">
                        <Icon glyph=Glyph::X/>
                    </button>
                </div>
                <div class="dialog-body">
                    <p>{warning}</p>
                    <Field name="confirmation" label=format!("Type {phrase} to confirm") autocomplete="off" autofocus=true/>
                </div>
                <div class="dialog-foot">
                    <button class="button" type="button" commandfor=id command="close">"Cancel"</button>
                    <Submit label=label class="button danger"/>
                </div>
            </Form>
        </dialog>
    }
}
