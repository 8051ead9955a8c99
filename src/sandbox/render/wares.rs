use serde_json::{Value, json};

use super::with_nulls;
use crate::sandbox::books::wares::{Price, Product};

#[must_use]
pub fn product(product: &Product) -> Value {
    with_nulls(
        json!({
            "id": product.id,
            "object": "product",
            "active": product.is_active,
            "created": product.created,
            "description": product.description,
            "images": [],
            "livemode": false,
            "marketing_features": [],
            "metadata": product.metadata,
            "name": product.name,
            "type": "service",
            "updated": product.created,
        }),
        &[
            "default_price",
            "package_dimensions",
            "shippable",
            "statement_descriptor",
            "tax_code",
            "unit_label",
            "url",
        ],
    )
}

#[must_use]
pub fn price(price: &Price) -> Value {
    with_nulls(
        json!({
            "id": price.id,
            "object": "price",
            "active": price.is_active,
            "billing_scheme": "per_unit",
            "created": price.created,
            "currency": price.currency,
            "livemode": false,
            "lookup_key": price.lookup_key,
            "metadata": price.metadata,
            "nickname": price.nickname,
            "product": price.product,
            "recurring": {
                "interval": price.every.interval.name(),
                "interval_count": price.every.count,
                "meter": null,
                "trial_period_days": null,
                "usage_type": "licensed",
            },
            "tax_behavior": "unspecified",
            "type": "recurring",
            "unit_amount": price.amount,
            "unit_amount_decimal": price.amount.to_string(),
        }),
        &["custom_unit_amount", "tiers_mode", "transform_quantity"],
    )
}

/// A price as it was written before there were prices.
pub(super) fn plan(price: &Price) -> Value {
    with_nulls(
        json!({
            "id": price.id,
            "object": "plan",
            "active": price.is_active,
            "amount": price.amount,
            "amount_decimal": price.amount.to_string(),
            "billing_scheme": "per_unit",
            "created": price.created,
            "currency": price.currency,
            "interval": price.every.interval.name(),
            "interval_count": price.every.count,
            "livemode": false,
            "metadata": price.metadata,
            "nickname": price.nickname,
            "product": price.product,
            "usage_type": "licensed",
        }),
        &[
            "meter",
            "tiers_mode",
            "transform_usage",
            "trial_period_days",
        ],
    )
}
