"""What the people of the journey say."""

GUEST = "guest@mailbox.example"
NAME = "Ada Quillfeather"
REASON = "Nobody is in danger, and it should not wait."
STORY = (
    "My heating has been broken for three weeks. The landlord does not answer. "
    "My daughter is four and it is cold."
)
WISH = "The heating repaired, and somebody who makes sure it stays so."
TRIAGED = {
    "kind": "claim",
    "topic": "housing",
    "priority": "normal",
    "reason": REASON,
}
QUESTION = "Can you tell me on which day you first wrote to the landlord?"
REPLY = "On the second of February, by letter."
ANSWER = "I have read what you told us and will write to them today."
DONE = "The repair is agreed for Friday, in writing. If nobody comes, say: not solved."
