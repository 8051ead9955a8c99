//! Code to be copied, and secrets to be kept.

use leptos::prelude::*;

use super::{Glyph, Icon, copy::CopyButton};

/// Some code, with a button that copies it.
#[component]
pub fn CodeBlock(#[prop(into)] title: String, #[prop(into)] code: String) -> impl IntoView {
    let label = format!("Copy: {title}");
    view! {
        <div class="code">
            <div class="code-head"><span>{title}</span><CopyButton text=code.clone() label=label/></div>
            <pre tabindex="0"><code>{code}</code></pre>
        </div>
    }
}

/// A secret that is shown this once.
#[component]
pub fn SecretReveal(
    #[prop(into)] title: String,
    #[prop(into)] secret: String,
    #[prop(into)] words: String,
    /// Where to go once it is kept somewhere.
    #[prop(into)]
    done: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="card secret" aria-labelledby="secret">
            <div class="card-head">
                <div><h2 id="secret"><Icon glyph=Glyph::Key/>{title}</h2><p class="muted">{words}</p></div>
            </div>
            <div class="card-body stack">
                <div class="secret-line">
                    <code class="mono" tabindex="0">{secret.clone()}</code>
                    <CopyButton text=secret label="Copy the key".to_owned()/>
                </div>
                {children.map(|children| children())}
            </div>
            <div class="card-foot"><a class="button primary" href=done>"I’ve saved it"</a></div>
        </section>
    }
}
