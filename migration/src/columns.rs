//! Shorthands for the columns and keys that many tables have in common.

use sea_orm_migration::prelude::*;

pub fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).uuid().not_null().take()
}

pub fn id() -> ColumnDef {
    uuid("id").primary_key().take()
}

pub fn text(name: &'static str, longest: u32) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .string_len(longest)
        .not_null()
        .take()
}

pub fn optional_text(name: &'static str, longest: u32) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .string_len(longest)
        .null()
        .take()
}

pub fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).json().not_null().take()
}

/// A SHA-256.
pub fn hash(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .var_binary(32)
        .not_null()
        .take()
}

pub fn time(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .timestamp_with_time_zone()
        .not_null()
        .take()
}

pub fn optional_time(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .timestamp_with_time_zone()
        .null()
        .take()
}

/// A column that points at the `id` of another table and goes with its row.
pub fn belongs_to(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{from}_{column}"))
        .from(Alias::new(from), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("ix_{table}_{}", columns.join("_")))
        .table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = index(table, columns);
    index
        .name(format!("uq_{table}_{}", columns.join("_")))
        .unique();
    index
}

pub async fn drop_tables(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(Alias::new(*table)).take())
            .await?;
    }
    Ok(())
}

pub async fn add_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    manager
        .alter_table(
            Table::alter()
                .table(Alias::new(table))
                .add_column(column)
                .take(),
        )
        .await
}

pub async fn drop_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .alter_table(
            Table::alter()
                .table(Alias::new(table))
                .drop_column(Alias::new(column))
                .take(),
        )
        .await
}

/// A whole number that is never negative.
pub fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .big_integer()
        .not_null()
        .default(0)
        .take()
}

pub fn optional_hash(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .var_binary(32)
        .null()
        .take()
}

/// A table of tenants, whose primary key is the organization and the row's own
/// id: whether an id is taken is nobody else's business.
pub fn keyed_by_tenant(table: &'static str) -> TableCreateStatement {
    Table::create()
        .table(Alias::new(table))
        .col(uuid("id"))
        .col(uuid("organization_id"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new("id")),
        )
        .take()
}

/// Columns that point at those of one row of another table, and go with it.
pub fn belongs_together(
    from: &'static str,
    to: &'static str,
    columns: &[(&'static str, &'static str)],
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("fk_{from}_{to}"))
        .from_tbl(Alias::new(from))
        .to_tbl(Alias::new(to))
        .on_delete(ForeignKeyAction::Cascade);
    for (column, target) in columns {
        key.from_col(Alias::new(*column))
            .to_col(Alias::new(*target));
    }
    key
}
