//! Every server function: what it takes, and what each may expect of it.

/// What someone may expect, by status, of a call with harmless arguments.
#[derive(Debug)]
pub struct Expected {
    pub owner: u16,
    pub admin: u16,
    pub member: u16,
    pub viewer: u16,
    /// Signed in, and no member.
    pub outsider: u16,
    pub signed_out: u16,
}

pub struct Function {
    pub name: &'static str,
    /// Its arguments as a form sends them; `{org}`, `{project}` and the like stand
    /// for those of the organization that it is tried on. Once the door is passed,
    /// they are refused where they would change what the others are tried on.
    pub arguments: &'static str,
    pub expected: Expected,
}

/// Ids that nothing has.
pub const NO_PROJECT: &str = "prj_00000000000000000000000000";
pub const NO_INVITATION: &str = "inv_00000000000000000000000000";
pub const NO_MEMBER: &str = "usr_00000000000000000000000000";
pub const NO_ENVIRONMENT: &str = "env_00000000000000000000000000";
pub const NO_DEPLOYMENT: &str = "dpl_00000000000000000000000000";
pub const NO_KEY: &str = "key_00000000000000000000000000";

/// What the placeholders of arguments stand for.
#[derive(Clone, Debug)]
pub struct Ids {
    pub org: String,
    pub project: String,
    pub invitation: String,
    pub member: String,
    pub environment: String,
    pub deployment: String,
    pub key: String,
}

impl Ids {
    /// Of things that aren't there.
    pub fn none(org: &str) -> Self {
        Self {
            org: org.to_owned(),
            project: NO_PROJECT.to_owned(),
            invitation: NO_INVITATION.to_owned(),
            member: NO_MEMBER.to_owned(),
            environment: NO_ENVIRONMENT.to_owned(),
            deployment: NO_DEPLOYMENT.to_owned(),
            key: NO_KEY.to_owned(),
        }
    }

    pub fn fill(&self, text: &str) -> String {
        text.replace("{org}", &self.org)
            .replace("{project}", &self.project)
            .replace("{invitation}", &self.invitation)
            .replace("{member}", &self.member)
            .replace("{environment}", &self.environment)
            .replace("{deployment}", &self.deployment)
            .replace("{key}", &self.key)
    }
}

const fn by_role(owner: u16, admin: u16, member: u16, viewer: u16) -> Expected {
    Expected {
        owner,
        admin,
        member,
        viewer,
        outsider: 404,
        signed_out: 401,
    }
}

/// For whoever is signed in, whatever the organization.
const fn for_people(status: u16) -> Expected {
    Expected {
        owner: status,
        admin: status,
        member: status,
        viewer: status,
        outsider: status,
        signed_out: 401,
    }
}

const fn for_all(status: u16) -> Expected {
    Expected {
        owner: status,
        admin: status,
        member: status,
        viewer: status,
        outsider: status,
        signed_out: status,
    }
}

const fn of(name: &'static str, arguments: &'static str, expected: Expected) -> Function {
    Function {
        name,
        arguments,
        expected,
    }
}

pub const FUNCTIONS: &[Function] = &[
    of(
        "sign_up",
        "name=&email=a%40b.co&password=&callback_url=",
        for_all(422),
    ),
    of(
        "confirm_address",
        "token=none&password=&callback_url=",
        for_all(410),
    ),
    of("is_sign_up_from_here", "token=none", for_all(410)),
    of("sign_in", "email=&password=&callback_url=", for_all(422)),
    of("forgot_password", "email=", for_all(422)),
    of(
        "reset_password",
        "token=none&password=long+enough+for+all",
        for_all(410),
    ),
    of("confirm_new_email", "token=none", for_all(410)),
    of("set_theme", "theme=dark", for_all(200)),
    of("list_demo_accounts", "", for_all(200)),
    of(
        "change_password",
        "current_password=&new_password=",
        for_people(422),
    ),
    of("change_email", "email=&password=", for_people(422)),
    of("change_name", "name=", for_people(422)),
    of(
        "revoke_session",
        "session=ses_00000000000000000000000000",
        for_people(404),
    ),
    of("delete_account", "password=wrong", for_people(422)),
    of("get_reference", "", for_all(200)),
    of("get_me", "", for_people(200)),
    of("my_sessions", "", for_people(200)),
    of(
        "create_organization",
        "new[name]=&new[slug]=",
        for_people(422),
    ),
    of("check_slug", "slug=some-slug", for_people(200)),
    of("my_organizations", "", for_people(200)),
    of("find_landing", "", for_people(200)),
    of(
        "moved_organization",
        "old={org}",
        by_role(200, 200, 200, 200),
    ),
    of("get_org_context", "org={org}", by_role(200, 200, 200, 200)),
    of(
        "get_org_context_in_any_standing",
        "org={org}",
        by_role(200, 200, 200, 200),
    ),
    // Nothing is sold where these are tried.
    of("get_offers", "", for_all(200)),
    of("get_billing", "org={org}", by_role(200, 403, 403, 403)),
    of(
        "start_checkout",
        "org={org}&plan=PRO",
        by_role(409, 403, 403, 403),
    ),
    of("open_portal", "org={org}", by_role(409, 403, 403, 403)),
    of("pay_invoice", "org={org}", by_role(409, 403, 403, 403)),
    of(
        "preview_plan",
        "org={org}&plan=PRO",
        by_role(409, 403, 403, 403),
    ),
    of(
        "change_plan",
        "org={org}&plan=PRO",
        by_role(409, 403, 403, 403),
    ),
    of(
        "cancel_subscription",
        "org={org}",
        by_role(409, 403, 403, 403),
    ),
    of(
        "keep_subscription",
        "org={org}",
        by_role(409, 403, 403, 403),
    ),
    of(
        "resume_subscription",
        "org={org}",
        by_role(409, 403, 403, 403),
    ),
    of("may_manage", "org={org}", by_role(200, 200, 403, 403)),
    of(
        "rename_organization",
        "org={org}&name=",
        by_role(422, 422, 403, 403),
    ),
    of(
        "change_organization_slug",
        "org={org}&slug=",
        by_role(422, 422, 403, 403),
    ),
    of(
        "remove_organization_image",
        "org={org}",
        by_role(200, 200, 403, 403),
    ),
    of(
        "dismiss_checklist",
        "org={org}",
        by_role(200, 200, 403, 403),
    ),
    of(
        "delete_organization",
        "org={org}&confirmation=",
        by_role(422, 403, 403, 403),
    ),
    of(
        "create_project",
        "org={org}&new[name]=",
        by_role(422, 422, 422, 403),
    ),
    of("may_create", "org={org}", by_role(200, 200, 200, 403)),
    of(
        "update_project",
        "org={org}&project={project}&new[name]=",
        by_role(422, 422, 422, 403),
    ),
    of(
        "delete_project",
        "org={org}&project={project}&confirmation=",
        by_role(422, 403, 403, 403),
    ),
    of("list_projects", "org={org}", by_role(200, 200, 200, 200)),
    of("find_projects", "org={org}&q=", by_role(200, 200, 200, 200)),
    of(
        "get_project",
        "org={org}&project={project}",
        by_role(200, 200, 200, 200),
    ),
    of(
        "get_project_settings",
        "org={org}&project={project}",
        by_role(200, 200, 200, 403),
    ),
    of(
        "create_environment",
        "org={org}&project={project}&new[name]=",
        by_role(422, 422, 422, 403),
    ),
    of(
        "rename_environment",
        "org={org}&environment={environment}&new[name]=",
        by_role(422, 422, 422, 403),
    ),
    of(
        "delete_environment",
        "org={org}&environment={environment}&confirmation=",
        by_role(422, 422, 422, 403),
    ),
    of(
        "get_deployment_form",
        "org={org}&project={project}",
        by_role(200, 200, 200, 403),
    ),
    of(
        "create_deployment",
        "org={org}&project={project}&new[commit_sha]=x&new[message]=",
        by_role(422, 422, 422, 403),
    ),
    of(
        "get_deployment",
        "org={org}&project={project}&deployment={deployment}",
        by_role(200, 200, 200, 200),
    ),
    of(
        "move_deployment",
        "org={org}&deployment={deployment}&status=ready",
        by_role(409, 409, 409, 403),
    ),
    of(
        "delete_artifact",
        "org={org}&deployment={deployment}",
        by_role(404, 404, 404, 403),
    ),
    of("get_usage", "org={org}", by_role(200, 200, 200, 200)),
    of("list_api_keys", "org={org}", by_role(200, 200, 403, 403)),
    of(
        "create_api_key",
        "org={org}&new[name]=",
        by_role(422, 422, 403, 403),
    ),
    of(
        "rotate_api_key",
        "org={org}&key={key}",
        by_role(404, 404, 403, 403),
    ),
    of(
        "revoke_api_key",
        "org={org}&key={key}",
        by_role(404, 404, 403, 403),
    ),
    of(
        "get_history",
        "org={org}&range=7d",
        by_role(200, 200, 200, 200),
    ),
    of("get_overview", "org={org}", by_role(200, 200, 200, 200)),
    of("get_standing", "org={org}", by_role(200, 200, 200, 200)),
    of("continue_on_free", "org={org}", by_role(200, 403, 403, 403)),
    of(
        "get_activity",
        "org={org}&query[entity]={project}&query[actor]={member}&query[action]=project.created&query[from]=2026-01-01",
        by_role(200, 200, 403, 403),
    ),
    of("get_team", "org={org}", by_role(200, 200, 200, 200)),
    of(
        "invite_members",
        "org={org}&new[emails]=&new[role]=VIEWER",
        by_role(422, 422, 403, 403),
    ),
    of(
        "resend_invitation",
        "org={org}&invitation={invitation}",
        by_role(404, 404, 403, 403),
    ),
    of(
        "revoke_invitation",
        "org={org}&invitation={invitation}",
        by_role(404, 404, 403, 403),
    ),
    of("look_at_invitation", "token=none", for_all(410)),
    of("accept_invitation", "token=none", for_people(410)),
    of(
        "change_role",
        "org={org}&member={member}&role=MEMBER",
        by_role(404, 403, 403, 403),
    ),
    of(
        "remove_member",
        "org={org}&member={member}",
        by_role(404, 404, 403, 403),
    ),
    of(
        "transfer_organization",
        "org={org}&member={member}&confirmation=",
        by_role(422, 403, 403, 403),
    ),
    // Whoever may go is gone after it.
    of(
        "leave_organization",
        "org={org}",
        by_role(409, 200, 200, 200),
    ),
    // They end the session that they are tried with: the second finds nobody.
    of("sign_out", "", for_all(200)),
    of("sign_out_everywhere", "", for_people(401)),
];

/// Tried by itself, since it takes a form with a file.
pub const MULTIPART: &str = "set_organization_image";
