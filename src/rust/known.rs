//! The few names and results of other crates that one file alone cannot show.

/// Names that a glob import of a standard module brings.
const GLOBS: [(&str, &[&str]); 9] = [
    ("std::process", &["Command", "Child", "Stdio", "Output", "ExitStatus", "ExitCode", "exit", "abort", "id"]),
    ("std::net", &["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "IpAddr", "SocketAddr", "Shutdown"]),
    ("std::os::unix::net", &["UnixStream", "UnixListener", "UnixDatagram"]),
    ("std::os::unix::process", &["CommandExt", "ExitStatusExt"]),
    ("std::fs", &["File", "OpenOptions", "read", "write", "remove_file", "remove_dir_all", "rename", "copy"]),
    ("std::env", &["set_var", "remove_var", "set_current_dir", "var", "vars", "args", "current_dir"]),
    ("std::mem", &["transmute", "transmute_copy", "zeroed", "forget", "MaybeUninit", "swap", "replace", "take"]),
    ("std::ptr", &["read", "write", "read_volatile", "write_volatile", "null", "null_mut", "NonNull"]),
    ("std::slice", &["from_raw_parts", "from_raw_parts_mut"]),
];

/// Whether a glob import of this module brings this name.
pub(super) fn glob_brings(module: &str, name: &str) -> bool {
    GLOBS.iter().any(|(path, names)| *path == module && names.contains(&name))
}

/// The full path of a name that every file sees.
pub(super) fn prelude(name: &str) -> Option<&'static str> {
    Some(match name {
        "Box" => "std::boxed::Box",
        "String" => "std::string::String",
        "Vec" => "std::vec::Vec",
        "Option" => "std::option::Option",
        "Result" => "std::result::Result",
        "drop" => "std::mem::drop",
        _ => return None,
    })
}

/// Macros that every file sees and that a list may name.
const PRELUDE_MACROS: [&str; 11] = [
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "print",
    "println",
    "eprint",
    "eprintln",
    "include",
    "include_str",
    "include_bytes",
];

/// The full path of a macro that every file sees.
pub(super) fn prelude_macro(name: &str) -> Option<String> {
    PRELUDE_MACROS.contains(&name).then(|| format!("std::{name}"))
}

/// Methods of a process builder that give the builder back, as their documentation says.
const BUILDER: [&str; 18] = [
    "arg",
    "args",
    "raw_arg",
    "arg0",
    "env",
    "envs",
    "env_clear",
    "env_remove",
    "current_dir",
    "stdin",
    "stdout",
    "stderr",
    "uid",
    "gid",
    "groups",
    "process_group",
    "pre_exec",
    "kill_on_drop",
];

/// Methods of options for opening a file that give the options back.
const OPTIONS: [&str; 12] = [
    "access_mode",
    "append",
    "attributes",
    "create",
    "create_new",
    "custom_flags",
    "mode",
    "read",
    "security_qos_flags",
    "share_mode",
    "truncate",
    "write",
];

/// Results of functions and methods; `?` marks a type inside a `Result`.
const RESULTS: [(&str, &str); 17] = [
    ("std::process::Command::spawn", "?std::process::Child"),
    ("tokio::process::Command::spawn", "?tokio::process::Child"),
    ("std::net::TcpStream::connect", "?std::net::TcpStream"),
    ("std::net::TcpStream::connect_timeout", "?std::net::TcpStream"),
    ("std::net::TcpListener::bind", "?std::net::TcpListener"),
    ("std::net::UdpSocket::bind", "?std::net::UdpSocket"),
    ("std::os::unix::net::UnixStream::connect", "?std::os::unix::net::UnixStream"),
    ("std::os::unix::net::UnixListener::bind", "?std::os::unix::net::UnixListener"),
    ("tokio::net::TcpStream::connect", "?tokio::net::TcpStream"),
    ("tokio::net::TcpListener::bind", "?tokio::net::TcpListener"),
    ("tokio::net::UdpSocket::bind", "?tokio::net::UdpSocket"),
    ("std::fs::File::open", "?std::fs::File"),
    ("std::fs::File::create", "?std::fs::File"),
    ("std::fs::OpenOptions::open", "?std::fs::File"),
    ("reqwest::Client::builder", "reqwest::ClientBuilder"),
    ("reqwest::ClientBuilder::build", "?reqwest::Client"),
    ("libloading::Library::new", "?libloading::Library"),
];

/// The type that calling this path gives, where it is known; `?` marks a type inside a `Result`.
pub(super) fn result(path: &str) -> Option<String> {
    if let Some((_, of)) = RESULTS.iter().find(|(callee, _)| *callee == path) {
        return Some((*of).to_owned());
    }
    let (owner, name) = path.rsplit_once("::")?;
    let is_type = owner.rsplit("::").next()?.starts_with(|c: char| c.is_uppercase());
    let builds = matches!(owner, "std::process::Command" | "tokio::process::Command") && BUILDER.contains(&name);
    let builds = builds || owner == "std::fs::OpenOptions" && OPTIONS.contains(&name);
    ((name == "new" && is_type) || builds).then(|| owner.to_owned())
}

/// The full path of a method of this type; `None` where it may as well belong to a trait or to what the type points to.
pub(super) fn method(of: &str, name: &str) -> Option<String> {
    const PLAIN: [&str; 10] = [
        "std::boxed::",
        "std::cell::",
        "std::collections::",
        "std::iter::",
        "std::option::",
        "std::rc::",
        "std::result::",
        "std::string::",
        "std::sync::",
        "std::vec::",
    ];
    const OF_TRAITS: [&str; 10] =
        ["clone", "into", "try_into", "to_string", "to_owned", "borrow", "as_ref", "as_mut", "eq", "cmp"];
    if PLAIN.iter().any(|p| of.starts_with(p)) || OF_TRAITS.contains(&name) {
        return None;
    }
    let of_unix =
        of == "std::process::Command" && matches!(name, "exec" | "pre_exec" | "uid" | "gid" | "groups" | "arg0");
    let owner = if of_unix { "std::os::unix::process::CommandExt" } else { of };
    Some(format!("{owner}::{name}"))
}

/// Types that give what is called on them to what they point to.
const POINTERS: [&str; 17] = [
    "Arc",
    "Box",
    "Cow",
    "LazyCell",
    "LazyLock",
    "Lazy",
    "ManuallyDrop",
    "MutexGuard",
    "NonNull",
    "Pin",
    "Rc",
    "Ref",
    "RefMut",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "Reverse",
    "Wrapping",
];

/// Types that are made of one value and hold it.
const HOLDERS: [&str; 8] = ["Cell", "Mutex", "OnceCell", "OnceLock", "RefCell", "RwLock", "Some", "Ok"];

/// Whether a type of another crate points to its first parameter.
pub(super) fn points(path: &str) -> bool {
    POINTERS.contains(&path.rsplit("::").next().unwrap_or_default())
}

/// Whether making one of this type takes what it points to or holds.
pub(super) fn wraps(path: &str) -> bool {
    points(path) || HOLDERS.contains(&path.rsplit("::").next().unwrap_or_default())
}
