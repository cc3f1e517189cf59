//! Waiting that ends.

use std::time::Duration;

/// Longer than anything here takes; only a failing test waits for it.
pub const NEVER: Duration = Duration::from_secs(20);

/// Waits for what must come.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(NEVER, what).await.expect("it never came")
}
