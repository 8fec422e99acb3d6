# Everything here is part of `just ci`, which is what CI runs; CI runs nothing else.

# Lists the recipes.
default:
    @just --list

# The whole gate.
ci:
    .ci/run

# Formats the code.
fmt:
    cargo fmt --all

# Lints, with warnings as errors.
lint:
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Runs all tests and doctests.
test:
    cargo test

# Builds the documentation.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# Compares the cost of capturing with that of other libraries.
bench *arguments:
    cargo run --release -p peer-bench -- {{arguments}}
