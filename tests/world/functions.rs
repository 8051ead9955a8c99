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
    /// Its arguments as a form sends them; `{org}`, `{project}`, `{invitation}`
    /// and `{member}` stand for those of the organization that it is tried on. Once the door is passed,
    /// they are refused where they would change what the others are tried on.
    pub arguments: &'static str,
    pub expected: Expected,
}

/// Ids that nothing has.
pub const NO_PROJECT: &str = "prj_00000000000000000000000000";
pub const NO_INVITATION: &str = "inv_00000000000000000000000000";
pub const NO_MEMBER: &str = "usr_00000000000000000000000000";

/// What the placeholders of arguments stand for.
#[derive(Clone, Debug)]
pub struct Ids {
    pub org: String,
    pub project: String,
    pub invitation: String,
    pub member: String,
}

impl Ids {
    /// Of things that aren't there.
    pub fn none(org: &str) -> Self {
        Self {
            org: org.to_owned(),
            project: NO_PROJECT.to_owned(),
            invitation: NO_INVITATION.to_owned(),
            member: NO_MEMBER.to_owned(),
        }
    }

    pub fn fill(&self, text: &str) -> String {
        text.replace("{org}", &self.org)
            .replace("{project}", &self.project)
            .replace("{invitation}", &self.invitation)
            .replace("{member}", &self.member)
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

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "sign_up",
        arguments: "name=&email=a%40b.co&password=&callback_url=",
        expected: for_all(422),
    },
    Function {
        name: "confirm_address",
        arguments: "token=none&password=&callback_url=",
        expected: for_all(410),
    },
    Function {
        name: "is_sign_up_from_here",
        arguments: "token=none",
        expected: for_all(410),
    },
    Function {
        name: "sign_in",
        arguments: "email=&password=&callback_url=",
        expected: for_all(422),
    },
    Function {
        name: "forgot_password",
        arguments: "email=",
        expected: for_all(422),
    },
    Function {
        name: "reset_password",
        arguments: "token=none&password=long+enough+for+all",
        expected: for_all(410),
    },
    Function {
        name: "confirm_new_email",
        arguments: "token=none",
        expected: for_all(410),
    },
    Function {
        name: "set_theme",
        arguments: "theme=dark",
        expected: for_all(200),
    },
    Function {
        name: "list_demo_accounts",
        arguments: "",
        expected: for_all(200),
    },
    Function {
        name: "change_password",
        arguments: "current_password=&new_password=",
        expected: for_people(422),
    },
    Function {
        name: "change_email",
        arguments: "email=&password=",
        expected: for_people(422),
    },
    Function {
        name: "change_name",
        arguments: "name=",
        expected: for_people(422),
    },
    Function {
        name: "revoke_session",
        arguments: "session=ses_00000000000000000000000000",
        expected: for_people(404),
    },
    Function {
        name: "delete_account",
        arguments: "password=wrong",
        expected: for_people(422),
    },
    Function {
        name: "get_me",
        arguments: "",
        expected: for_people(200),
    },
    Function {
        name: "my_sessions",
        arguments: "",
        expected: for_people(200),
    },
    Function {
        name: "create_organization",
        arguments: "new[name]=&new[slug]=",
        expected: for_people(422),
    },
    Function {
        name: "check_slug",
        arguments: "slug=some-slug",
        expected: for_people(200),
    },
    Function {
        name: "my_organizations",
        arguments: "",
        expected: for_people(200),
    },
    Function {
        name: "find_landing",
        arguments: "",
        expected: for_people(200),
    },
    Function {
        name: "moved_organization",
        arguments: "old={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "get_org_context",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "may_manage",
        arguments: "org={org}",
        expected: by_role(200, 200, 403, 403),
    },
    Function {
        name: "rename_organization",
        arguments: "org={org}&name=",
        expected: by_role(422, 422, 403, 403),
    },
    Function {
        name: "change_organization_slug",
        arguments: "org={org}&slug=",
        expected: by_role(422, 422, 403, 403),
    },
    Function {
        name: "remove_organization_image",
        arguments: "org={org}",
        expected: by_role(200, 200, 403, 403),
    },
    Function {
        name: "dismiss_checklist",
        arguments: "org={org}",
        expected: by_role(200, 200, 403, 403),
    },
    Function {
        name: "delete_organization",
        arguments: "org={org}&confirmation=",
        expected: by_role(422, 403, 403, 403),
    },
    Function {
        name: "create_project",
        arguments: "org={org}&new[name]=",
        expected: by_role(422, 422, 422, 403),
    },
    Function {
        name: "may_create",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 403),
    },
    Function {
        name: "update_project",
        arguments: "org={org}&project={project}&new[name]=",
        expected: by_role(422, 422, 422, 403),
    },
    Function {
        name: "delete_project",
        arguments: "org={org}&project={project}&confirmation=",
        expected: by_role(422, 403, 403, 403),
    },
    Function {
        name: "list_projects",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "find_projects",
        arguments: "org={org}&q=",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "get_project",
        arguments: "org={org}&project={project}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "get_overview",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "get_standing",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "continue_on_free",
        arguments: "org={org}",
        expected: by_role(200, 403, 403, 403),
    },
    Function {
        name: "get_activity",
        arguments: "org={org}&query[entity]={project}&query[actor]={member}&query[action]=project.created&query[from]=2026-01-01",
        expected: by_role(200, 200, 403, 403),
    },
    Function {
        name: "get_team",
        arguments: "org={org}",
        expected: by_role(200, 200, 200, 200),
    },
    Function {
        name: "invite_members",
        arguments: "org={org}&new[emails]=&new[role]=VIEWER",
        expected: by_role(422, 422, 403, 403),
    },
    Function {
        name: "resend_invitation",
        arguments: "org={org}&invitation={invitation}",
        expected: by_role(404, 404, 403, 403),
    },
    Function {
        name: "revoke_invitation",
        arguments: "org={org}&invitation={invitation}",
        expected: by_role(404, 404, 403, 403),
    },
    Function {
        name: "look_at_invitation",
        arguments: "token=none",
        expected: for_all(410),
    },
    Function {
        name: "accept_invitation",
        arguments: "token=none",
        expected: for_people(410),
    },
    Function {
        name: "change_role",
        arguments: "org={org}&member={member}&role=MEMBER",
        expected: by_role(404, 403, 403, 403),
    },
    Function {
        name: "remove_member",
        arguments: "org={org}&member={member}",
        expected: by_role(404, 404, 403, 403),
    },
    Function {
        name: "transfer_organization",
        arguments: "org={org}&member={member}&confirmation=",
        expected: by_role(422, 403, 403, 403),
    },
    // Whoever may go is gone after it.
    Function {
        name: "leave_organization",
        arguments: "org={org}",
        expected: by_role(409, 200, 200, 200),
    },
    // They end the session that they are tried with: the second finds nobody.
    Function {
        name: "sign_out",
        arguments: "",
        expected: for_all(200),
    },
    Function {
        name: "sign_out_everywhere",
        arguments: "",
        expected: for_people(401),
    },
];

/// Tried by itself, since it takes a form with a file.
pub const MULTIPART: &str = "set_organization_image";
