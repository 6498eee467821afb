"""What the people of the journey say."""

GUEST = "guest@mailbox.example"
NAME = "Ada Quillfeather"
REASON = "Nobody is in danger, and it should not wait."
STORY = (
    "My heating has been broken for three weeks. The landlord does not answer. "
    "My daughter is four and it is cold."
)
WISH = "The heating repaired, and somebody who makes sure it stays so."
PLACE = "12 Elm Street"
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
DAMP = (
    "There is black mould behind the bed of my son. I told the agency in May and in "
    "August. They say that I air too little."
)
DRY = "The damp gone for good, and the room painted."
TITLE = "Mould in a bedroom, and the agency says we air too little"
PUBLIC = (
    "Our landlord blames us for damp in an outside wall. Has anybody got a repair "
    "after being told this? What did you write?"
)
ADVICE = (
    "We had the same last winter. Ask for a damp survey in writing, with a date, and "
    "send a copy to the council. It took nine days."
)
NOISE = "The lift has been making a loud noise at night since Sunday."
LOUD = "Does anybody else hear the lift at night?"
