//! How a deployment is reported: to be copied, and to work as it stands.

use crate::id::ProjectId;

/// What stands for the key where it isn't shown.
const VARIABLE: &str = "$ATRIUM_API_KEY";

/// A command that creates a deployment.
#[must_use]
pub fn curl(origin: &str, project: ProjectId, key: Option<&str>) -> String {
    let key = key.unwrap_or(VARIABLE);
    format!(
        "curl {origin}/api/v1/projects/{project}/deployments \\\n  \
         -H \"Authorization: Bearer {key}\" \\\n  \
         -H \"Content-Type: application/json\" \\\n  \
         -d '{{\"environment\": \"production\", \"git_ref\": \"main\", \"message\": \"Hello from curl\"}}'"
    )
}

/// A workflow for GitHub that reports what it does.
#[must_use]
pub fn github_actions(origin: &str, project: ProjectId) -> String {
    format!(
        r#"name: Deploy
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      ATRIUM: {origin}/api/v1
      ATRIUM_API_KEY: ${{{{ secrets.ATRIUM_API_KEY }}}}
    steps:
      - uses: actions/checkout@v4
      - name: Report the deployment
        shell: bash
        run: |
          id=$(curl -fsS "$ATRIUM/projects/{project}/deployments" \
            -H "Authorization: Bearer $ATRIUM_API_KEY" \
            -H "Content-Type: application/json" \
            -H "Idempotency-Key: $GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" \
            -d "$(jq -n '{{environment: "production", commit_sha: env.GITHUB_SHA, git_ref: env.GITHUB_REF_NAME}}')" \
            | jq -er .id)
          curl -fsS -X PATCH "$ATRIUM/deployments/$id" \
            -H "Authorization: Bearer $ATRIUM_API_KEY" \
            -H "Content-Type: application/json" \
            -d '{{"status": "building"}}'
          echo "DEPLOYMENT=$id" >> "$GITHUB_ENV"
      - name: Deploy
        run: ./deploy.sh
      - name: Report how it ended
        if: always() && env.DEPLOYMENT
        env:
          STATUS: ${{{{ job.status == 'success' && 'ready' || job.status == 'cancelled' && 'canceled' || 'failed' }}}}
        run: |
          curl -fsS -X PATCH "$ATRIUM/deployments/$DEPLOYMENT" \
            -H "Authorization: Bearer $ATRIUM_API_KEY" \
            -H "Content-Type: application/json" \
            -d "{{\"status\": \"$STATUS\"}}"
"#
    )
}
