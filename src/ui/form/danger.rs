use leptos::prelude::*;

use super::{Field, Form, Submit};
use crate::{
    flash::Flash,
    ui::{Glyph, Icon},
};

/// A dialog that asks before something is done that is hard to undo. Came the
/// form back with an error and without a script, it is open.
#[component]
pub fn Confirm(
    /// The dialog's id, for the button that opens it.
    #[prop(into)]
    id: String,
    #[prop(into)] function: String,
    #[prop(into)] org: String,
    #[prop(into)] title: String,
    #[prop(into)] warning: String,
    #[prop(into)] label: String,
    /// One more value to send.
    #[prop(optional)]
    with: Option<(&'static str, String)>,
    /// Of the button that does it.
    #[prop(default = "button danger")]
    class: &'static str,
    /// What else is to be filled in.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let came_back = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .filter(|form| form.action == format!("/_fn/{function}"))
        .is_some_and(|form| {
            with.as_ref()
                .is_none_or(|(name, value)| form.values.get(*name) == Some(value))
        });
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let (closing, cancelling) = (id.clone(), id.clone());
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by closedby="any" open=came_back>
            <Form function=function org=org>
                {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                <div class="dialog-head">
                    <h2 id=heading>{title}</h2>
                    <button class="button ghost icon-only small" type="button" commandfor=closing command="close" aria-label="Close">
                        <Icon glyph=Glyph::X/>
                    </button>
                </div>
                <div class="dialog-body">
                    <p>{warning}</p>
                    {children.map(|children| children())}
                </div>
                <div class="dialog-foot">
                    <button class="button" type="button" commandfor=cancelling command="close">"Cancel"</button>
                    <Submit label=label class=class/>
                </div>
            </Form>
        </dialog>
    }
}

/// A dialog that asks to type a name before something is destroyed.
#[component]
pub fn ConfirmDanger(
    #[prop(into)] id: String,
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
    /// What else is to be filled in, before the name.
    #[prop(optional)]
    before: Option<AnyView>,
) -> impl IntoView {
    let phrase = format!("Type {phrase} to confirm");
    let body: Children = Box::new(move || {
        view! {
            {before}
            <Field name="confirmation" label=phrase autocomplete="off" autofocus=true/>
        }
        .into_any()
    });
    match with {
        Some(with) => view! {
            <Confirm id=id function=function org=org title=title warning=warning label=label with=with children=body/>
        }
        .into_any(),
        None => view! {
            <Confirm id=id function=function org=org title=title warning=warning label=label children=body/>
        }
        .into_any(),
    }
}
