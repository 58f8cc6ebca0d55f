package coach

// wish is what a learner may want.
type wish string

// The wishes.
const (
	wantQuiz      wish = "quiz"
	wantStart     wish = "start"
	wantNext      wish = "next"
	wantResume    wish = "resume"
	wantBack      wish = "back"
	wantPart      wish = "part" // the part about {topic}
	wantHint      wish = "hint"
	wantAnswer    wish = "answer" // does not know it
	wantSkip      wish = "skip"
	wantRepeat    wish = "repeat"
	wantSlower    wish = "slower"
	wantSimpler   wish = "simpler"
	wantDeeper    wish = "deeper"
	wantExample   wish = "example"
	wantAgain     wish = "again" // the explanation
	wantStop      wish = "stop"
	wantProgress  wish = "progress"
	wantReading   wish = "reading"
	wantSummary   wish = "summary"
	wantToExplain wish = "explain"
	wantDue       wish = "due" // to know what there is to review
	wantReview    wish = "review"
	wantTime      wish = "time" // to think
	wantYes       wish = "yes"
)

// phrasings are the ways to say each wish, in the notation of the tutor's skills:
// (a|b) is a choice, [a|b] may be left out, {topic} is one word or more at the end,
// and a word after ~ is what recognisers make of the one that was said. Courtesies
// before and after need not be written.
var phrasings = []struct {
	wish wish
	said []string
}{
	{wantQuiz, []string{
		"(quiz|test|examine|~quits|~quizzed|~quizz|~chris|~whiz|~kids) me [on (that|it|this|the lesson|this lesson)] [again]", "~quiz my", "~quits my", "~quiz mean", "~quits be", "(start|begin|open) (the|a|my) (quiz|test|~quits)",
		"[give me|do|take|have|i want] (a|the) (quiz|test)", "(ask|give) me [some|a few|the|a] (questions|question) [about (it|that|this|the lesson)]", "test my knowledge", "let us do the quiz", "let's do (the|a) quiz",
		"(i want|i would like|i'd like) to (be quizzed|be tested|take the quiz|do the quiz|take a quiz)", "quiz [time]", "i am ready for the (quiz|questions)", "i'm ready for the (quiz|questions)",
	}},
	{wantStart, []string{"(start|begin|let's start|let us start|let's begin|let's go|i'm ready|i am ready|ready|~stark)", "(start|begin|open) (the|with the|this) lesson"}},
	{wantNext, []string{
		"(next|~text|~necks|~nex) [one|question|part|section|step|please]", "move on", "what is next", "what's next", "[the|ask me the] next (one|question|part|section|step)", "[ask me] another (one|question)",
	}},
	{wantResume, []string{
		"(go|~goal|~co) (on|ahead|further|forward) [with the quiz|with the lesson]", "carry on [with the quiz|with the lesson]", "continue [the lesson|the quiz|with the lesson|with the quiz]", "keep going", "proceed",
		"resume [the quiz|the lesson]", "[go|let's go|let's get] back to the (quiz|lesson|questions)", "where were we", "where did we stop",
	}},
	{wantBack, []string{"(go|step|one) back", "[go to|go back to] the (previous|last) (part|section|one|step)", "previous [part|section|one]", "go back (one|a) (part|section|step)", "back"}},
	{wantPart, []string{
		"(go|jump|skip|move|turn) [back] to [the] (part|bit|section|piece) (about|on|with|of) {topic}", "go back to {topic}", "(go|jump) to [the part] {topic}", "(read|tell|repeat) [me] the (part|bit|section) (about|on) {topic} [again]",
		"back to {topic}",
	}},
	{wantHint, []string{
		"[give me|can i have|could i have|can i get|i need|i want|i would like] (a|another|one more|some|the) (hint|clue|tip|~hand|~him|~hen|~hind)", "(hint|clue)", "help me [out] [with this|with that]", "(give|~gave) me (~a hint|~the hint|a little help|some help)", "i need [some|a little] help",
		"any (hints|clues)", "what is the hint", "what's the hint",
	}},
	{wantAnswer, []string{
		"i (don't|do not|~dont) know [that|it|that one|the answer|this|this one]", "(no idea|no clue|dunno|not sure)", "i have (no|not a) (idea|clue)", "i'm not sure", "i am not sure", "i (can't|cannot) (say|remember|tell|recall)", "i (forgot|forget|give up)", "[just] tell me [the answer|it]", "what is the [right|correct] answer", "what's the [right|correct] answer",
		"(give me|say|reveal|show me) the answer", "you tell me", "i've forgotten", "i have forgotten", "beats me", "who knows", "i don't have a clue", "i don't have any idea", "haven't a clue", "i don't remember",
	}},
	{wantSkip, []string{"(skip|pass|~skipped) [it|this|that|this one|that one|this question|the question|that question|on this one]", "next question please", "leave (it|that|this) out", "(ask|give) me (another|a different) (one|question)"}},
	{wantRepeat, []string{
		"[can you] (repeat|~repeated|~repeats) [that|it|the question|the last question|the options|the answers|the choices|this]", "say (that|it|the question) again", "(what was|what is|what's) the question [again]", "(the|that) question again [please]", "(come again|pardon|say again|once more|again|one more time)", "what are the (options|choices|answers) [again]",
		"i (didn't|did not) (hear|catch|get|understand) (that|the question|it|you)", "what did you say", "ask [me] [that|it|the question] again", "read (it|that|the question) again",
	}},
	{wantSlower, []string{
		"(say|repeat|read) (that|it|this) [again] [more] (slower|slowly) [please|again]", "(slower|more slowly|slow down|not so fast|too fast) [please]", "(speak|talk|read|go) [a bit|a little|more] (slower|slowly) [please]", "(that|you) (was|is|are|were) too fast", "you're (too fast|speaking too fast|talking too fast|going too fast)", "can you say that slower",
	}},
	{wantSimpler, []string{
		"make (it|that|this|the lesson) [a bit|a little|much] (simpler|easier|more simple|~simple|~similar|~simply)", "(simpler|easier) [please]", "(simplify|dumb down) (it|that|this|the lesson)", "(that|it|this) is too (hard|difficult|complicated|advanced|complex)", "that's too (hard|difficult|complicated|advanced|complex)", "it's too (hard|difficult|complicated|advanced|complex)",
		"explain (it|that|this) (more simply|in simpler words|in simple words|in simple terms|in simpler terms|simpler|like i'm five|like i am five|to a child|for a child|for a beginner|for beginners)",
		"a simpler (lesson|version|explanation)", "(say|put) (it|that) (more simply|in simpler words|in simple words)", "for (beginners|a beginner|a child)",
	}},
	{wantDeeper, []string{
		"(go|~goal) [a bit|a little|much] (deeper|~deep|~keeper) [into it|into that|into this]", "(deeper|more detail|more details|in more detail|more depth) [please]", "make (it|that|this|the lesson) [a bit|a little|much] (deeper|harder|more difficult|more advanced|more detailed|longer)", "(give|tell) me more (detail|details|depth)",
		"(that|it|this) is too (easy|simple|basic)", "that's too (easy|simple|basic)", "it's too (easy|simple|basic)", "a (deeper|more advanced|more detailed|harder) (lesson|version|explanation)", "go into [more] (depth|detail|details)", "(that|it) is too short",
	}},
	{wantExample, []string{
		"(give|show|tell|~gave) me (an|another|one|one more|some) (example|examples|~exempt)", "(an|another|one more) example [please]", "for example", "(example|examples)", "do you have (an|another) example", "can i (have|get|hear) (an|another) example", "like what", "(let's|let us) do (an|another) example", "(give me|i want) (a|another) (problem|exercise)", "an exercise",
	}},
	{wantAgain, []string{
		"explain (that|it|this|this part|that part) [to me] (again|once more|one more time)", "(explain|read|tell me) (that|this|the) (part|section|bit) again", "(again|once more) from the beginning of (the|this) (part|section)", "go over (that|it|this) [again|once more]", "repeat (this|that|the) (part|section|explanation)", "i didn't understand that part", "i (don't|do not) (understand|get) (it|this|that|the lesson|any of this)", "what does that mean",
	}},
	{wantStop, []string{
		"(stop|end|quit|finish|cancel|leave|exit|pause) (the|this) (quiz|test|lesson|review|~quits)", "(stop|quit) (quizzing|testing|asking|reading) [me|questions]", "no more questions", "(i'm|i am) (done|finished|tired|through) [with (it|this|that|the quiz|the lesson)]", "(that's|that is) enough [for (now|today)]", "enough [questions|for now|for today]", "(i|let's|let us) (stop|want to stop|would like to stop) [here|now]", "(not now|later|maybe later|another time)",
	}},
	{wantProgress, []string{
		"how am i doing", "how (did|have) i (do|done)", "(what's|what is) my (score|progress|result)", "how many [did|have] [i] [get|got|answered] [are|were] right", "(how many|how much) (questions|parts|is) [are] (left|there|remaining)", "how far (am i|have i come|have i got|along am i)", "where am i [in the lesson]", "my score", "am i doing well",
	}},
	{wantReading, []string{
		"(read|~red) [me] (the|this|my|that) lesson [to me|aloud|out loud|out]", "(walk|take|guide) me through (it|this|that|the lesson) [step by step|slowly]", "teach me [that|this|it] step by step", "(read|tell) (it|me) [to me] step by step", "[go|let's go|let us go] step by step", "(read|tell) it to me", "read [it] (aloud|out loud|to me)",
		"(tell|teach) me the lesson", "[go] [back] [to] [start] [from] the beginning", "start (over|again|from the beginning)", "(go through|let's go through|take me through) (it|the lesson) [with me|together]",
	}},
	{wantSummary, []string{
		"(summarise|summarize|sum up|recap) [it|that|this|the lesson|everything]", "(give me|tell me|what is|what's|read me) (a|the) (summary|recap|short version|gist) [of (it|that|this|the lesson)]", "(in short|in a nutshell|to sum up)", "(the|a) (summary|recap)", "sum (it|that|this) up", "what (are|were) the main points", "the main points",
	}},
	{wantToExplain, []string{
		"(let me|can i|may i|i want to|i would like to|i'll|i will|i'd like to|i can) [try to] (explain|describe) (it|that|this|the lesson|what i (learned|learnt|know|understood|have learned)) [to you|back|back to you|in my own words|now]", "let me (try|explain) [to explain [it]] [back|back to you|in my own words|in my words]",
		"(let me|i'll|i will) explain", "(i want to|i'd like to|let me) (teach you|teach it to you|teach it back|say it in my own words|tell you what i (learned|know|remember|understood))", "(listen to|check) my explanation", "ask me to explain it",
	}},
	{wantDue, []string{
		"what (should|can|do|must|shall|could) i (review|revise|repeat|study|~reviewed) [today|now|next]", "what do i (need|have) to (review|revise|study) [today|now]", "what is (due|there to review|up for review) [today|now|for review]", "what's (due|there to review|up for review) [today|now|for review]", "(do i have|are there|have i) (anything|something|any cards|cards) [due] [to review|for review] [due]", "how many cards are due", "is there anything to review", "is anything due",
	}},
	{wantReview, []string{
		"(review|revise|revision|~reviewed|~reveal) [time|now|today]", "(let's|let us|i want to|i would like to|i'd like to|start|start the|begin|do|do the|do my|start my|begin the) (review|revise|reviews|reviewing|revision)", "(quiz|test) me on (what is due|what's due|my cards|old lessons|earlier lessons|everything|what i (learned|learnt|know))", "review [my|the] [due] cards", "go over my cards", "ask me [about] (old|earlier) (things|lessons|cards)",
		"(review|revise) what is due", "(review|revise) what's due", "(review|revise) [my|the] [old|earlier] lessons",
	}},
	{wantTime, []string{
		"(let me|i have to|i need to) think [about (it|that)]", "(give me|just|wait|i need|hang on) (a|one) [little] (second|moment|minute|sec)", "(one|just a) (moment|second|minute)", "(hold on|hang on|wait|hm|hmm|um|uh|let's see|let me see) [hm|hmm|um]", "give me [some|a little] time", "i'm thinking", "i am thinking", "good question", "that's (hard|a hard one|tricky|a tricky one|difficult)",
	}},
	{wantYes, []string{"(yes|yeah|yep|yup|sure|okay|ok|please do|do it|alright|all right|of course|certainly|why not|i do|gladly|go for it|got it|i see|understood|fine|clear|i understand|makes sense) [please|let's do it|let's go|thanks|then]", "yes (i do|i am|go on|go ahead|let's)", "sounds good"}},
}
