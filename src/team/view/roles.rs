use leptos::prelude::*;

use crate::{
    access::{Capability, Role},
    ui::{Glyph, Icon},
};

/// What each role may do, from the table that decides it.
#[component]
pub fn RolesExplained() -> impl IntoView {
    view! {
        <section class="card table-card" aria-labelledby="roles">
            <div class="card-head">
                <div><h2 id="roles">"Roles explained"</h2><p class="muted">"What each role may do"</p></div>
            </div>
            <div class="scroll" tabindex="0" role="group" aria-label="What each role may do">
                <table class="table plain matrix">
                    <thead>
                        <tr>
                            <th scope="col">"Capability"</th>
                            {Role::ALL.map(|role| view! { <th scope="col">{role.label()}</th> }).into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {Capability::ALL.iter().map(|capability| view! { <Row capability=*capability/> }).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(capability: Capability) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{capability.label()} <code class="mono faint">{capability.name()}</code></th>
            {Role::ALL.map(|role| view! { <td><Mark is_held=role.may(capability)/></td> }).into_iter().collect_view()}
        </tr>
    }
}

#[component]
fn Mark(is_held: bool) -> impl IntoView {
    if is_held {
        view! { <Icon glyph=Glyph::Check/><span class="visually-hidden">"Yes"</span> }.into_any()
    } else {
        view! { <span class="faint" aria-hidden="true">"–"</span><span class="visually-hidden">"No"</span> }.into_any()
    }
}
