//! Addresses as code and commands write them.

/// Whether only processes of the same host can be met at an address: `localhost:50051`, `dns:///[::1]:80`, `unix:/run/x.sock`.
pub fn is_local(address: &str) -> bool {
    let schemes = ["unix:", "unix-abstract:", "bufnet", "bufconn"];
    if schemes.iter().any(|scheme| address.starts_with(scheme)) {
        return true;
    }
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest).trim_start_matches('/');
    let rest = rest.strip_prefix("passthrough:").or_else(|| rest.strip_prefix("dns:")).unwrap_or(rest);
    let host = match rest.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => rest.split([':', '/']).next().unwrap_or_default(),
    };
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1" || host == "bufnet"
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn hosts_that_are_this_one() {
        for local in [
            "localhost:1",
            "127.0.0.1",
            "dns:///localhost:5",
            "[::1]:80",
            "unix:///run/a.sock",
            "passthrough:///bufnet",
            "http://localhost:8080/x",
        ] {
            assert!(is_local(local), "{local}");
        }
        for other in [":8080", "0.0.0.0:80", "spark:15002", "", "local", "dns:///api:1", "[::]:80"] {
            assert!(!is_local(other), "{other}");
        }
    }
}
