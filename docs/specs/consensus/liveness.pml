/*
 * Liveness of the control log: what forwarding, pulling and durable bodies are for. Rules are those of
 * docs/specs/consensus.md; what is left out stands there under "Models".
 *
 * Replicas 0 to 2 are honest, the fourth validator is Byzantine: it leads view 1, proposes two blocks to whom it likes,
 * and lends its votes to anyone or to nobody. Replica 0 leads view 2. Before the network is calm, any message may be
 * lost, timers fire at any time and every honest replica may be killed and restarted again and again. Two sets of steps:
 * what may happen (the Byzantine one helps, a message arrives) and what must happen in the end, because an honest replica
 * repeats it or answers. Everything that must happen happens once, so each run ends in a state where nothing must happen
 * any more; there the goal is asserted. The search covers all of them.
 *
 * Goal without CALM: every honest replica has left view 2, whatever was lost. Goal with CALM: in view 2, whose leader is
 * honest and before which the network becomes calm, every honest replica finalizes the leader's block.
 *
 * With IDLE (and CALM): clocks and repetitions run only where a command waits. One command, which the Byzantine validator or
 * a client gives to whom it likes; block 1 and block 3 have it in them. Goal: whoever knows the command sees it final.
 * Nobody restarts.
 *
 * Mutations, each of which must be caught:
 * -DNO_FORWARDING: who leaves a view does not hand on the certificate by which it left
 * -DNO_VOTE_RETRY: votes are sent once
 * -DNO_PULL_NOTARIZATION -DNO_PULL_NULLIFICATION: a certificate that a proposal needs is not asked for (with CALM)
 * -DNO_PULL_BODY: a block that is notarized and not final cannot be asked for (with CALM)
 * -DBODY_DURABLE_LATE: a block is durable before FINALIZE, not before NOTARIZE (with CALM)
 * -DFINALIZE_BEFORE_ENTRY: FINALIZE is durable before the entry of the next view
 * -DENTRY_LOST: the certificate by which a view was entered is forgotten in a restart, and so is the view's number
 * -DNO_COMMAND_RETRY: a replica on which a command waits does not hand it on again (with IDLE)
 * -DNO_ANSWERS: a replica on which nothing waits does not answer those on which something does (with IDLE)
 * -DWAITS_UNTIL_NOTARIZED: a command in a notarized block does not count as waiting (with IDLE)
 */
#define LEADER 0

/* Blocks: 1 and 2 of view 1, on genesis; 3 of view 2, whose parent the leader chooses. */
#define VIEW_OF(b) ((b) == 3 -> 2 : 1)
#define BIT(b) (1 << (b))
#define HAS(set, b) (((set) & BIT(b)) != 0)

typedef replica {
    byte view = 1;
    byte notarized[2];     /* own NOTARIZE of view 1 and 2: the block, or 0; durable */
    bit nullified[2];      /* own NULLIFY; durable */
    byte finalized[2];     /* own FINALIZE: the block, or 0; durable */
    byte entered_by;       /* how the view was entered: 0 at the start or by nullification, else the block; durable */
    byte bodies;           /* blocks that it holds */
    byte notarizations;    /* blocks whose notarization it holds */
    bit nullification[2];  /* views whose nullification it holds */
#ifdef IDLE
    bit knows;             /* the command */
    bit final;             /* and that it is final */
#endif
};
replica at[3];

byte proposal_parent = 9;  /* of block 3; 9: not proposed */
bit calm;
#define PROPOSED (proposal_parent != 9)

#define EVERY(p0, p1, p2) ((p0) && (p1) && (p2))
#define COUNT(p0, p1, p2) ((p0) + (p1) + (p2))

/* Votes that have been sent; a Byzantine vote makes two of them a certificate for whom it likes. */
#define NOTARIZE_COUNT(b) COUNT(at[0].notarized[VIEW_OF(b) - 1] == (b), \
    at[1].notarized[VIEW_OF(b) - 1] == (b), at[2].notarized[VIEW_OF(b) - 1] == (b))
#define NULLIFY_COUNT(v) COUNT(at[0].nullified[v - 1], at[1].nullified[v - 1], at[2].nullified[v - 1])

/* Where a command waits, one repeats oneself and asks; who is asked answers. */
#ifdef IDLE
#ifdef WAITS_UNTIL_NOTARIZED
#define WAITS(r) (at[r].knows && !at[r].final && !HAS(at[r].notarizations, 1) && !HAS(at[r].notarizations, 3))
#else
#define WAITS(r) (at[r].knows && !at[r].final)
#endif
#ifdef NO_ANSWERS
#define SPEAKS(s, r) WAITS(s)
#else
#define SPEAKS(s, r) (WAITS(s) || WAITS(r))
#endif
#else
#define WAITS(r) true
#define SPEAKS(s, r) true
#endif

/* A vote is repeated as long as its voter is in that view. */
#ifdef NO_VOTE_RETRY
#define REPEATS(s, r, v) false
#else
#define REPEATS(s, r, v) (at[s].view == v && SPEAKS(s, r))
#endif
#define REPEATS_NOTARIZE(s, r, b) (REPEATS(s, r, VIEW_OF(b)) && at[s].notarized[VIEW_OF(b) - 1] == (b))
#define REPEATS_NULLIFY(s, r, v) (REPEATS(s, r, v) && at[s].nullified[v - 1])
#define OWN_OR(r, s, repeats, own) ((r) == (s) -> (own) : (repeats))
#define COMES_NOTARIZE(r, s, b) OWN_OR(r, s, REPEATS_NOTARIZE(s, r, b), at[r].notarized[VIEW_OF(b) - 1] == (b))
#define COMES_NULLIFY(r, s, v) OWN_OR(r, s, REPEATS_NULLIFY(s, r, v), at[r].nullified[v - 1])

/* Rule 7: whoever is in a view repeats the certificate by which it came there. */
#ifdef NO_FORWARDING
#define FORWARDS_NOTARIZATION(s, r, b) false
#define FORWARDS_NULLIFICATION(s, r, v) false
#else
#define FORWARDS_NOTARIZATION(s, r, b) (SPEAKS(s, r) && at[s].view == VIEW_OF(b) + 1 && at[s].entered_by == (b))
#define FORWARDS_NULLIFICATION(s, r, v) (SPEAKS(s, r) && at[s].view == (v) + 1 && at[s].entered_by == 0)
#endif
#define SOMEONE(p0, p1, p2) ((p0) || (p1) || (p2))

/* A proposal names its parent; what is missing for it is asked for by name. The leader needs its parent whole, too. */
#define KNOWS_PROPOSAL(r) HAS(at[r].bodies, 3)
#define NEEDS_NOTARIZATION(r, b) (KNOWS_PROPOSAL(r) && proposal_parent == (b) && at[r].view == 2)
#define NEEDS_NULLIFICATION(r) (KNOWS_PROPOSAL(r) && proposal_parent == 0 && at[r].view == 2)
#ifdef NO_PULL_NOTARIZATION
#define PULLS_NOTARIZATION(r, b) false
#else
#define PULLS_NOTARIZATION(r, b) (NEEDS_NOTARIZATION(r, b) && SOMEONE(HAS(at[0].notarizations, b), \
    HAS(at[1].notarizations, b), HAS(at[2].notarizations, b)))
#endif
#ifdef NO_PULL_NULLIFICATION
#define PULLS_NULLIFICATION(r) false
#else
#define PULLS_NULLIFICATION(r) (NEEDS_NULLIFICATION(r) && SOMEONE(at[0].nullification[0], \
    at[1].nullification[0], at[2].nullification[0]))
#endif
#if defined(NO_PULL_BODY) || !defined(CALM)
#define MUST_PULL_BODY(r, b) false
#else
#define MUST_PULL_BODY(r, b) (!HAS(at[r].bodies, b) && HAS(at[r].notarizations, b) \
    && SOMEONE(HAS(at[0].bodies, b), HAS(at[1].bodies, b), HAS(at[2].bodies, b)))
#endif

/* Certificates: what must come, and what may come with the Byzantine vote. */
#ifdef CALM
#define CARES(r, v) true
#else
#define CARES(r, v) (at[r].view <= v) /* one that comes later changes nothing about leaving a view */
#endif
#define LACKS_NOTARIZATION(r, b) (CARES(r, VIEW_OF(b)) && !HAS(at[r].notarizations, b))
#define MUST_GET_NOTARIZATION(r, b) (LACKS_NOTARIZATION(r, b) && (PULLS_NOTARIZATION(r, b) || (at[r].view <= VIEW_OF(b) && ( \
    EVERY(COMES_NOTARIZE(r, 0, b), COMES_NOTARIZE(r, 1, b), COMES_NOTARIZE(r, 2, b)) \
    || SOMEONE(FORWARDS_NOTARIZATION(0, r, b), FORWARDS_NOTARIZATION(1, r, b), FORWARDS_NOTARIZATION(2, r, b))))))
#define MAY_GET_NOTARIZATION(r, b) (LACKS_NOTARIZATION(r, b) && NOTARIZE_COUNT(b) >= 2)
#define MUST_GET_NULLIFICATION(r, v) (!at[r].nullification[v - 1] && ((v == 1 && PULLS_NULLIFICATION(r)) \
    || (at[r].view <= v && (EVERY(COMES_NULLIFY(r, 0, v), COMES_NULLIFY(r, 1, v), COMES_NULLIFY(r, 2, v)) \
    || SOMEONE(FORWARDS_NULLIFICATION(0, r, v), FORWARDS_NULLIFICATION(1, r, v), FORWARDS_NULLIFICATION(2, r, v))))))
#define MAY_GET_NULLIFICATION(r, v) (CARES(r, v) && !at[r].nullification[v - 1] && NULLIFY_COUNT(v) >= 2)

/* Rule 1: on the highest notarized parent that is known; with the nullification of view 1 if that is skipped. */
#ifdef CALM
#define CALM_ENOUGH calm /* the view begins in the calm time, though replicas may have entered it before */
#else
#define CALM_ENOUGH false
#endif
#define KNOWS_PARENT (HAS(at[LEADER].notarizations, 1) || HAS(at[LEADER].notarizations, 2))
#define HOLDS_PARENT(r, b) (HAS(at[r].notarizations, b) && HAS(at[r].bodies, b))
#define MUST_PROPOSE (!PROPOSED && CALM_ENOUGH && WAITS(LEADER) && at[LEADER].view == 2 && (HOLDS_PARENT(LEADER, 1) || HOLDS_PARENT(LEADER, 2) \
    || (!KNOWS_PARENT && at[LEADER].nullification[0])))
#define MUST_GET_PROPOSAL(r) (PROPOSED && !KNOWS_PROPOSAL(r) && at[LEADER].view == 2 && at[r].view == 2)

/* Rule 2. After its own NULLIFY a replica may notarize or not. */
#define PARENT_AND_SKIPS(r) (proposal_parent == 0 -> at[r].nullification[0] : HOLDS_PARENT(r, proposal_parent))
#define MAY_NOTARIZE_3(r) (at[r].view == 2 && at[r].notarized[1] == 0 && KNOWS_PROPOSAL(r) && PARENT_AND_SKIPS(r))
#define MUST_NOTARIZE_3(r) (MAY_NOTARIZE_3(r) && !at[r].nullified[1])

/* Rules 4 and 5. FINALIZE needs the body, and comes after the entry of the next view, also on disk. */
#define ENTERED_AFTER(r, v) (at[r].view > v)
#ifdef CALM
#define MAY_FINALIZE(r, b) HOLDS_PARENT(r, b)
#else
#define MAY_FINALIZE(r, b) HAS(at[r].notarizations, b)
#endif
#define MUST_FINALIZE(r, b) (ENTERED_AFTER(r, VIEW_OF(b)) && at[r].finalized[VIEW_OF(b) - 1] == 0 && !at[r].nullified[VIEW_OF(b) - 1] && MAY_FINALIZE(r, b))

/* Rule 3: in the current view only, never after FINALIZE. In calm the timers outlast everything else that must happen. */
#define MAY_NULLIFY(r, v) (WAITS(r) && at[r].view == v && !at[r].nullified[v - 1] && at[r].finalized[v - 1] == 0)

/* The command: who waits hands it on; finality is shown by three votes, or by whoever knows of it. */
#ifdef IDLE
#define IS_FINAL(b, votes) (COUNT(at[0].finalized[VIEW_OF(b) - 1] == b, at[1].finalized[VIEW_OF(b) - 1] == b, \
    at[2].finalized[VIEW_OF(b) - 1] == b) >= votes)
#define SHOWS_FINAL(s, r) (SPEAKS(s, r) && at[s].final)
#define MUST_SEE_FINAL(r) (at[r].knows && !at[r].final && (SOMEONE(SHOWS_FINAL(0, r), SHOWS_FINAL(1, r), SHOWS_FINAL(2, r)) \
    || (EVERY(SPEAKS(0, r), SPEAKS(1, r), SPEAKS(2, r)) && (IS_FINAL(1, 3) || IS_FINAL(3, 3)))))
#define MAY_SEE_FINAL(r) (at[r].knows && !at[r].final && (IS_FINAL(1, 2) || IS_FINAL(3, 2)))
#ifdef NO_COMMAND_RETRY
#define MUST_KNOW(r) false
#else
#define MUST_KNOW(r) (!at[r].knows && SOMEONE(WAITS(0), WAITS(1), WAITS(2)))
#endif
#define ABOUT_COMMAND(r) \
    :: d_step { !at[r].knows -> at[r].knows = 1 } \
    :: d_step { MAY_SEE_FINAL(r) || MUST_SEE_FINAL(r) -> at[r].final = 1 }
#define LEARN(r, b) at[r].knows = (at[r].knows || (b) != 2)
#else
#define MUST_SEE_FINAL(r) false
#define MUST_KNOW(r) false
#define ABOUT_COMMAND(r)
#define LEARN(r, b) skip
#endif

#define MUST_ABOUT(r, b) (MUST_GET_NOTARIZATION(r, b) || MUST_PULL_BODY(r, b) || MUST_FINALIZE(r, b))
#define MUST_ANYTHING(r) (MUST_ABOUT(r, 1) || MUST_ABOUT(r, 2) || MUST_ABOUT(r, 3) \
    || MUST_GET_NULLIFICATION(r, 1) || MUST_GET_NULLIFICATION(r, 2) \
    || MUST_SEE_FINAL(r) || MUST_KNOW(r) || MUST_GET_PROPOSAL(r) || MUST_NOTARIZE_3(r))
#define QUIET !(MUST_PROPOSE || MUST_ANYTHING(0) || MUST_ANYTHING(1) || MUST_ANYTHING(2))
#define TIMER_RINGS(r) (MAY_NULLIFY(r, 1) || MAY_NULLIFY(r, 2))
#define OVER (QUIET && !TIMER_RINGS(0) && !TIMER_RINGS(1) && !TIMER_RINGS(2))

#ifdef CALM
#define OVER_AND_JUDGED (calm && OVER)
#ifdef IDLE
#define SATISFIED(r) (!at[r].knows || at[r].final)
#define GOAL EVERY(SATISFIED(0), SATISFIED(1), SATISFIED(2))
#else
#define GOAL EVERY(at[0].finalized[1] == 3, at[1].finalized[1] == 3, at[2].finalized[1] == 3)
#endif
#define TIMERS_MAY_RING (!calm || QUIET)
#else
#define OVER_AND_JUDGED OVER
#define GOAL EVERY(at[0].view == 3, at[1].view == 3, at[2].view == 3)
#define TIMERS_MAY_RING true
#endif

/* Learning a certificate of the current or a later view and entering the view after it is one step: only what is durable
 * counts, and a certificate that is forgotten before that was never there. */
#define NOTE_BLOCK(r, b) at[r].notarizations = at[r].notarizations | BIT(b)
#define ENTER(r, v, cause) \
    if \
    :: at[r].view < v -> at[r].view = v; at[r].entered_by = cause \
    :: else \
    fi
#define ABOUT_BLOCK(r, b) \
    :: d_step { MAY_GET_NOTARIZATION(r, b) || MUST_GET_NOTARIZATION(r, b) -> NOTE_BLOCK(r, b); ENTER(r, VIEW_OF(b) + 1, b) } \
    :: d_step { MUST_FINALIZE(r, b) -> at[r].finalized[VIEW_OF(b) - 1] = b } \
    :: d_step { MUST_PULL_BODY(r, b) -> TAKE_BODY(r, b) }

#define ABOUT_VIEW(r, v) \
    :: d_step { MAY_GET_NULLIFICATION(r, v) || MUST_GET_NULLIFICATION(r, v) -> at[r].nullification[v - 1] = 1; ENTER(r, v + 1, 0) } \
    :: d_step { MAY_NULLIFY(r, v) && TIMERS_MAY_RING -> at[r].nullified[v - 1] = 1 }

/* A proposal of the Byzantine leader reaches one replica, which votes for it: a block that it would not vote for any more
 * is of no use to it but by being pulled. Without CALM view 2 is led so too, and bodies do not count. */
#ifdef CALM
#define TAKE_BODY(r, b) at[r].bodies = at[r].bodies | BIT(b); LEARN(r, b)
#define HONEST_PROPOSAL(r) \
    :: d_step { MUST_GET_PROPOSAL(r) -> TAKE_BODY(r, 3) } \
    :: d_step { MAY_NOTARIZE_3(r) -> at[r].notarized[1] = 3 }
#define PROPOSALS(r) BYZANTINE_PROPOSAL(r, 1) BYZANTINE_PROPOSAL(r, 2) HONEST_PROPOSAL(r)
#else
#define TAKE_BODY(r, b) skip
#define PROPOSALS(r) BYZANTINE_PROPOSAL(r, 1) BYZANTINE_PROPOSAL(r, 2) BYZANTINE_PROPOSAL(r, 3)
#endif
#define BYZANTINE_PROPOSAL(r, b) \
    :: d_step { at[r].view == VIEW_OF(b) && at[r].notarized[VIEW_OF(b) - 1] == 0 && IN_ORDER(b) -> \
        TAKE_BODY(r, b); at[r].notarized[VIEW_OF(b) - 1] = b }
#define IN_ORDER(b) ((b) != 2 || SOMEONE(at[0].notarized[0] == 1, at[1].notarized[0] == 1, at[2].notarized[0] == 1))

/* What a restart finds: own votes, the certificate by which the view was entered, the blocks that were made durable. */
#ifdef BODY_DURABLE_LATE
#define KEPT_BODIES(r) (at[r].bodies & (BIT(at[r].finalized[0]) | BIT(at[r].finalized[1])))
#else
#define KEPT_BODIES(r) (at[r].bodies & (BIT(at[r].finalized[0]) | BIT(at[r].finalized[1]) \
    | BIT(at[r].notarized[0]) | BIT(at[r].notarized[1]) | OWN_PROPOSAL(r)))
#endif
#define OWN_PROPOSAL(r) ((r) == LEADER -> BIT(3) : 0)
#ifdef ENTRY_LOST
#define FORGET_ENTRY(r) at[r].view = 1; at[r].entered_by = 0; \
    at[r].notarizations = 0; at[r].nullification[0] = 0; at[r].nullification[1] = 0
#else
#define FORGET_ENTRY(r) \
    at[r].notarizations = at[r].notarizations & BIT(at[r].entered_by) & ~1; \
    at[r].nullification[0] = (at[r].view == 2 && at[r].entered_by == 0); \
    at[r].nullification[1] = (at[r].view == 3 && at[r].entered_by == 0)
#endif
#ifdef IDLE
#define RESTART(r)
#else
#define RESTART(r) \
    :: d_step { !calm -> at[r].bodies = KEPT_BODIES(r); FORGET_ENTRY(r) }
#endif

/* The power goes when FINALIZE is on disk and the entry of the next view is not. */
#ifdef FINALIZE_BEFORE_ENTRY
#define TORN_ENTRY(r) \
    :: d_step { !calm && at[r].view == 1 && MAY_GET_NOTARIZATION(r, 1) && !at[r].nullified[0] && at[r].finalized[0] == 0 -> \
        at[r].finalized[0] = 1 }
#else
#define TORN_ENTRY(r)
#endif

#define REPLICA(r) ABOUT_BLOCK(r, 1) ABOUT_BLOCK(r, 2) ABOUT_BLOCK(r, 3) ABOUT_VIEW(r, 1) ABOUT_VIEW(r, 2) \
    PROPOSALS(r) RESTART(r) TORN_ENTRY(r) ABOUT_COMMAND(r)

active [3] proctype honest() {
end:
    do
    REPLICA(_pid)
    od
}

active proctype leader_and_judge() {
end:
    do
#ifdef CALM
    :: d_step { MUST_PROPOSE ->
        if
        :: HOLDS_PARENT(LEADER, 1) -> proposal_parent = 1
        :: !HOLDS_PARENT(LEADER, 1) && HOLDS_PARENT(LEADER, 2) -> proposal_parent = 2
        :: else -> proposal_parent = 0
        fi;
        at[LEADER].bodies = at[LEADER].bodies | BIT(3) }
    /* Nobody has timed out in view 2: it is the first view of the calm time. */
    :: d_step { !calm && NULLIFY_COUNT(2) == 0 ->
        calm = 1 }
#endif
    :: d_step { OVER_AND_JUDGED && !GOAL -> assert(false) }
    od
}
