/*
 * The back-off of the pacemaker against one Byzantine validator of four. Rules are those of docs/specs/consensus.md.
 *
 * The network needs NEEDED steps of back-off: with less, the adversary may let a view fail for an honest leader, by its
 * hold on delays; with at least that much, the view is finalized. The Byzantine leader gives its own view the outcome it
 * likes: final (with nothing in it that anyone waits for), notarized and not final, or nullified.
 *
 * Claim: from some moment on honest leaders are final; there is no run in which they fail for ever.
 * -DRESET_WHEN_NOTARIZED: back-off begins anew with each notarized view, as the design had it first; must be caught
 */
#define STEPS_MAX 8
#ifndef NEEDED
#define NEEDED 6
#endif

byte steps;  /* of back-off: the time-out is D0 times 1.5 to this power */
byte place;  /* in the schedule of leaders; 0 is Byzantine */

#define MORE(k) ((k) < STEPS_MAX -> (k) + 1 : STEPS_MAX)
#define LESS(k) ((k) > 0 -> (k) - 1 : 0)
#ifdef RESET_WHEN_NOTARIZED
#define AFTER_FINAL 0
#define AFTER_NOTARIZED 0
#else
#define AFTER_FINAL LESS(steps)
#define AFTER_NOTARIZED MORE(steps)
#endif
#define AFTER_NULLIFIED MORE(steps)

active proctype views() {
    do
    :: d_step { place == 0 -> steps = AFTER_FINAL; place = 1 }
    :: d_step { place == 0 -> steps = AFTER_NOTARIZED; place = 1 }
    :: d_step { place == 0 -> steps = AFTER_NULLIFIED; place = 1 }
    :: d_step { place != 0 && steps < NEEDED -> steps = AFTER_NOTARIZED; place = (place + 1) % 4 }
    :: d_step { place != 0 && steps < NEEDED -> steps = AFTER_NULLIFIED; place = (place + 1) % 4 }
    :: place != 0 ->
progress_an_honest_leader_is_final:
        d_step { steps = AFTER_FINAL; place = (place + 1) % 4 }
    od
}
