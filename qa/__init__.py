"""The answering room: questions to cited answers."""
