use crate::report::Format;
use crate::report::sample::usual;

#[test]
fn look_at_it() {
    for width in [40, 100, 160] {
        println!("{}", usual().render(Format::Human, width, std::env::var("C").is_ok()));
    }
}
