use crate::{access::Capability, id::OrgSlug, organizations::model::OrgContext, ui::Glyph};

/// The parts of the dashboard, as the sidebar lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Overview,
    Projects,
    Activity,
    Usage,
    General,
    Members,
    ApiKeys,
    Billing,
    Danger,
}

impl Section {
    pub(super) const MAIN: [Self; 4] =
        [Self::Overview, Self::Projects, Self::Activity, Self::Usage];
    pub(super) const SETTINGS: [Self; 5] = [
        Self::General,
        Self::Members,
        Self::ApiKeys,
        Self::Billing,
        Self::Danger,
    ];
    /// What a phone has room for at its bottom, as far as it is listed at all.
    pub(super) const QUICK: [Self; 4] = [
        Self::Overview,
        Self::Projects,
        Self::Activity,
        Self::Members,
    ];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Projects => "Projects",
            Self::Activity => "Activity",
            Self::Usage => "Usage",
            Self::General => "General",
            Self::Members => "Members",
            Self::ApiKeys => "API keys",
            Self::Billing => "Billing",
            Self::Danger => "Danger zone",
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Overview => Glyph::LayoutDashboard,
            Self::Projects => Glyph::Folder,
            Self::Activity => Glyph::Activity,
            Self::Usage => Glyph::Gauge,
            Self::General => Glyph::Settings,
            Self::Members => Glyph::Users,
            Self::ApiKeys => Glyph::Key,
            Self::Billing => Glyph::CreditCard,
            Self::Danger => Glyph::OctagonAlert,
        }
    }

    pub(super) const fn keys(self) -> &'static str {
        match self {
            Self::Overview => "g o",
            Self::Projects => "g p",
            Self::Activity => "g a",
            Self::Usage => "g u",
            Self::General => "g s",
            Self::Members => "g m",
            Self::ApiKeys => "g k",
            Self::Billing => "g b",
            Self::Danger => "",
        }
    }

    /// The capability without which it isn't listed.
    pub(super) const fn needs(self) -> Capability {
        match self {
            Self::Overview | Self::Danger => Capability::ViewOrganization,
            Self::Activity => Capability::ViewAudit,
            Self::Usage => Capability::ViewUsage,
            Self::Members => Capability::ViewMembers,
            Self::ApiKeys => Capability::ManageApiKeys,
            Self::Projects => Capability::ViewProjects,
            Self::General => Capability::ManageSettings,
            Self::Billing => Capability::ManageBilling,
        }
    }

    #[must_use]
    pub fn path(self, org: &OrgSlug) -> String {
        match self {
            Self::Overview => format!("/app/{org}"),
            Self::Projects => format!("/app/{org}/projects"),
            Self::Activity => format!("/app/{org}/activity"),
            Self::Usage => format!("/app/{org}/usage"),
            Self::General => format!("/app/{org}/settings"),
            Self::Members => format!("/app/{org}/settings/members"),
            Self::ApiKeys => format!("/app/{org}/settings/api-keys"),
            Self::Billing => format!("/app/{org}/settings/billing"),
            Self::Danger => format!("/app/{org}/settings/danger"),
        }
    }

    pub(super) fn some(
        sections: impl IntoIterator<Item = Self>,
        context: &OrgContext,
    ) -> Vec<Self> {
        let is_open = context.org.standing.is_open();
        let may_see =
            |section: &Self| context.may(section.needs()) && (is_open || *section == Self::Billing);
        sections.into_iter().filter(may_see).collect()
    }
}
