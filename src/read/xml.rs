//! XML with byte spans, on quick-xml events.
