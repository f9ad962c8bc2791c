"""The private side: who takes part in a score, what it knows, who is shown, and whom singles meet.

Nothing here costs anything where no rule book of a run asks for consent, weighs dimensions or makes matches: the
record ``layout.PRIVATE`` then has no rows. Where one does, these kernels are called once a month, after step 9.

knowing    what a weighted score knows of a resident: attributes, and the scores of friends
consent    joining and leaving
ties       showing the score, dropping ties to those who stand lower, seeking ties to those who stand higher
meeting    singles see each other, and some become couples
rules      the fields of the plan that these kernels read
outcome    what a run keeps of it
"""
