//! `segmenta token`: who may use the server.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use segmenta::access::{Role, Token};
use segmenta::model::store::Store;
use serde_json::{Value, json};

use super::options::{DataDirArgs, JsonArgs};
use super::output::{note, print, print_json};
use super::record::record;
use super::table::{Align, Table, printable};
use super::values;

const EXAMPLES: &str = "\
Examples:
  segmenta token create --name 'web shop' --role predict
  segmenta token create --name Ana --role admin --expires-in 90d
  segmenta token list
  segmenta token revoke 3f2a9c01d4be

A running server knows of new and revoked tokens within two seconds.";

/// What to do with the tokens.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("data_dir", |arg| arg.global(true)), mut_arg("json", |arg| arg.global(true)))]
pub struct TokenArgs {
    #[command(subcommand)]
    command: Option<TokenCommand>,
    #[command(flatten)]
    data_dir: DataDirArgs,
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// List all tokens, without their secrets (the default)
    List,
    /// Make a token and print it, once and never again
    #[command(after_help = "Example:\n  segmenta token create --name 'web shop' --role predict")]
    Create(CreateArgs),
    /// Make a token good for nothing
    #[command(after_help = "Example:\n  segmenta token revoke 3f2a9c01d4be")]
    Revoke {
        /// The token's id, which stands between sgm_ and the secret
        id: String,
    },
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// What it is for, or who has it
    #[arg(long, value_parser = values::name)]
    name: String,
    /// What its holder may do
    #[arg(long, value_enum)]
    role: RoleArg,
    /// How long it is good, such as 12h or 90d [default: until it is revoked]
    #[arg(long, value_name = "TIME", value_parser = values::lifetime)]
    expires_in: Option<SignedDuration>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Ask which segments customers belong to
    Predict,
    /// See models, and the customers they were learned from, too
    Read,
    /// Train, activate, rename and delete, too
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Predict => Self::Predict,
            RoleArg::Read => Self::Read,
            RoleArg::Admin => Self::Admin,
        }
    }
}

/// Lists, makes or revokes.
pub fn run(args: &TokenArgs) -> Result<()> {
    let store = args.data_dir.store()?;
    let is_json = args.json.json;
    match args.command.as_ref().unwrap_or(&TokenCommand::List) {
        TokenCommand::List => list(&store, is_json),
        TokenCommand::Create(create_args) => create(&store, create_args, is_json),
        TokenCommand::Revoke { id } => {
            let token = store.revoke_token(id)?;
            record(&store, "revoke token", &token.id);
            note(format_args!(
                "{} ({}) is good for nothing any more",
                printable(&token.name),
                token.id
            ));
            if is_json { Ok(print_json(&described(&token))?) } else { Ok(()) }
        }
    }
}

fn create(store: &Store, args: &CreateArgs, is_json: bool) -> Result<()> {
    let new = store.create_token(&args.name, args.role.into(), args.expires_in)?;
    record(store, "create token", &new.token.id);
    note("keep this token where secrets are kept; it is not shown again");
    if is_json {
        let mut described = described(&new.token);
        described["token"] = new.text.into();
        return Ok(print_json(&described)?);
    }
    Ok(print(&format!("{}\n", new.text))?)
}

fn list(store: &Store, is_json: bool) -> Result<()> {
    let tokens = store.tokens()?.unwrap_or_default();
    if is_json {
        let all: Vec<Value> = tokens.all().iter().map(described).collect();
        return Ok(print_json(&all.into())?);
    }
    if tokens.all().is_empty() {
        note("there are no tokens: whoever reaches the server may do everything");
        return Ok(());
    }
    let mut table = Table::new([
        ("id", Align::Left),
        ("role", Align::Left),
        ("name", Align::Left),
        ("made", Align::Left),
        ("state", Align::Left),
    ]);
    for token in tokens.all() {
        table.row([
            token.id.clone(),
            token.role.to_string(),
            token.name.clone(),
            token.created_at.to_string(),
            state(token),
        ]);
    }
    Ok(print(&table.to_string())?)
}

fn state(token: &Token) -> String {
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(end)) if end <= Timestamp::now() => format!("expired {end}"),
        (None, Some(end)) => format!("good until {end}"),
        (None, None) => "good".to_owned(),
    }
}

fn described(token: &Token) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "is_good": token.is_good(Timestamp::now()),
    })
}
