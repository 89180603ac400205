"""Reading privacy policies: from numbered paragraphs to what they state."""
