/*
 * The hand-over from one set of validators to the next. Rules are those of docs/specs/consensus.md.
 *
 * Replicas 0, 1, 2 and a Byzantine one validate epoch 1; replicas 1, 2, 3 and the same Byzantine one validate epoch 2.
 * Blocks of epoch 1: in view 1 the end E (1) at height 1; in view 2 the end again, proposed on the genesis block because
 * view 1 was skipped: E' (2) at height 1; and C (3), which closes on E at height 2. Of epoch 2: X (4) on E and Y (5) on
 * E', both at height 2. What happens within an epoch is what safety.pml allows; here it counts who may start, when, and
 * what is believed. Certificates can be had as soon as two honest votes are out, as there.
 *
 * Checked in every state: no two blocks of the log are final at one height. Checked where nothing must happen any more:
 * every honest validator of epoch 2 has started it.
 *
 * Mutations, each of which must be caught:
 * -DSTARTS_WHEN_NOTARIZED: epoch 2 starts from an end that is notarized only
 * -DCLOSING_COUNTS: a block that closes on the end is taken for a block of the log
 * -DEARLY_LEAVE: who has started epoch 2 or has left the set does not serve the end and its certificate any more
 */
#define E1 1
#define E2 2
#define C 3
#define X 4
#define Y 5
#define BIT(b) (1 << (b))
#define HAS(set, b) (((set) & BIT(b)) != 0)

byte notarize[4];   /* blocks for which each honest replica voted NOTARIZE */
byte finalize[4];
bit nullify[4];     /* NULLIFY of view 1 of epoch 1 */
byte start[4];      /* the end from which it has started epoch 2, or 0 */
byte knows_end[4];  /* the ends of which it has seen the certificate that starts an epoch */

/* Votes of each set of validators. */
#define OLD(votes, b) (HAS(votes[0], b) + HAS(votes[1], b) + HAS(votes[2], b) >= 2)
#define NEW(votes, b) (HAS(votes[1], b) + HAS(votes[2], b) + HAS(votes[3], b) >= 2)
#define OLD_AND_SURE(votes, b) (HAS(votes[0], b) && HAS(votes[1], b) && HAS(votes[2], b))
#define NULLIFICATION (nullify[0] + nullify[1] + nullify[2] >= 2)

/* E is final by its own certificate or by that of the block that closes on it. */
#define FINAL_E1 (OLD(finalize, E1) || OLD(finalize, C))
#define FINAL_E2 OLD(finalize, E2)
#define FINAL_X NEW(finalize, X)
#define FINAL_Y NEW(finalize, Y)

#ifdef STARTS_WHEN_NOTARIZED
#define ENDS(b) OLD(notarize, b)
#else
#define ENDS(b) ((b) == E1 -> FINAL_E1 : FINAL_E2)
#endif

#ifdef CLOSING_COUNTS
#define AT_HEIGHT_2 (FINAL_X + FINAL_Y + OLD(finalize, C))
#else
#define AT_HEIGHT_2 (FINAL_X + FINAL_Y)
#endif
/* What is final makes its ancestors final, across the end of an epoch too. */
#define AGREEMENT ((FINAL_E1 || FINAL_X) + (FINAL_E2 || FINAL_Y) <= 1 && AT_HEIGHT_2 <= 1)

/* Votes of an old validator in epoch 1, also after it started epoch 2: its old votes stay, and it may go on. */
#define IN_VIEW_1(r) (!HAS(notarize[r], E1))
#define IN_VIEW_2(r) (!HAS(notarize[r], E2) && !HAS(notarize[r], C))
#define OLD_VOTES(r) \
    :: d_step { IN_VIEW_1(r) -> notarize[r] = notarize[r] | BIT(E1); check() } \
    :: d_step { IN_VIEW_2(r) && NULLIFICATION -> notarize[r] = notarize[r] | BIT(E2); check() } \
    :: d_step { IN_VIEW_2(r) && OLD(notarize, E1) -> notarize[r] = notarize[r] | BIT(C); check() } \
    :: d_step { !nullify[r] && !HAS(finalize[r], E1) -> nullify[r] = 1; check() } \
    :: d_step { !nullify[r] && OLD(notarize, E1) && !HAS(finalize[r], E1) -> finalize[r] = finalize[r] | BIT(E1); check() } \
    :: d_step { OLD(notarize, E2) && !HAS(finalize[r], E2) -> finalize[r] = finalize[r] | BIT(E2); check() } \
    :: d_step { OLD(notarize, C) && !HAS(finalize[r], C) -> finalize[r] = finalize[r] | BIT(C); check() }

/* Votes in epoch 2 of who has started it, for the block on the end it started from. */
#define FIRST_OF(r) (start[r] == E1 -> X : Y)
#define NEW_VOTES(r) \
    :: d_step { start[r] != 0 && !HAS(notarize[r], FIRST_OF(r)) -> \
        notarize[r] = notarize[r] | BIT(FIRST_OF(r)); check() } \
    :: d_step { start[r] != 0 && NEW(notarize, FIRST_OF(r)) && !HAS(finalize[r], FIRST_OF(r)) -> \
        finalize[r] = finalize[r] | BIT(FIRST_OF(r)); check() }

/* Seeing the end: what may be seen, with the Byzantine vote or from whoever has seen it; and what must be. */
#define MAY_SEE(r, b) (!HAS(knows_end[r], b) && (ENDS(b) || HAS(knows_end[0] | knows_end[1] | knows_end[2] | knows_end[3], b)))
#ifdef EARLY_LEAVE
#define SERVES(s, b) (HAS(knows_end[s], b) && s != 0 && start[s] == 0)
#else
#define SERVES(s, b) HAS(knows_end[s], b)
#endif
#define ENDS_SURELY(b) (OLD_AND_SURE(finalize, b) || (b == E1 && OLD_AND_SURE(finalize, C)))
#ifdef EARLY_LEAVE
#define VOTES_COME(b) false /* old validators have gone on and do not repeat their votes either */
#else
#define VOTES_COME(b) ENDS_SURELY(b)
#endif
#define MUST_SEE(r, b) (!HAS(knows_end[r], b) && (VOTES_COME(b) \
    || SERVES(0, b) || SERVES(1, b) || SERVES(2, b) || SERVES(3, b)))
#define MUST_START(r) (start[r] == 0 && knows_end[r] != 0)
#define START(r) \
    :: d_step { MAY_SEE(r, E1) -> knows_end[r] = knows_end[r] | BIT(E1); check() } \
    :: d_step { MAY_SEE(r, E2) -> knows_end[r] = knows_end[r] | BIT(E2); check() } \
    :: d_step { MUST_START(r) && HAS(knows_end[r], E1) -> start[r] = E1; check() } \
    :: d_step { MUST_START(r) && HAS(knows_end[r], E2) -> start[r] = E2; check() }

#define MUST_ANYTHING(r) (MUST_SEE(r, E1) || MUST_SEE(r, E2) || MUST_START(r))
#define OVER (!MUST_ANYTHING(1) && !MUST_ANYTHING(2) && !MUST_ANYTHING(3))
#define SOMEBODY_STARTED (start[1] != 0 || start[2] != 0 || start[3] != 0)
#define ALL_STARTED (start[1] != 0 && start[2] != 0 && start[3] != 0)

inline check() {
    assert(AGREEMENT)
}

active proctype handover() {
end:
    do
    OLD_VOTES(0) START(0)
    OLD_VOTES(1) START(1) NEW_VOTES(1)
    OLD_VOTES(2) START(2) NEW_VOTES(2)
    START(3) NEW_VOTES(3)
    :: d_step { OVER && SOMEBODY_STARTED && !ALL_STARTED -> assert(false) }
    od
}
