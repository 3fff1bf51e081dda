//! Makes sure that a page that is built later is seen: cargo looks at the folder only when it is there.

fn main() -> std::io::Result<()> {
    let page = "../../dist";
    std::fs::create_dir_all(page)?;
    println!("cargo:rerun-if-changed={page}");
    Ok(())
}
