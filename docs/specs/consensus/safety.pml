/*
 * Safety of the control log. Rules are those of docs/specs/consensus.md; what is left out, and why that only makes the
 * adversary stronger, stands there under "Models".
 *
 * Four validators, quorum three: replicas 0 to 2 are honest, the fourth is Byzantine. It leads every view, so any block
 * may be proposed to anyone at any time. It votes for everything towards anyone: a certificate can be had as soon as two
 * honest replicas have sent the vote. Messages are never taken back: each replica sees any certificate late, early,
 * twice, or never, which is loss, delay, repetition, disorder and partition at once. In which view a replica is, is left
 * out: it may vote in any of them, at any time, so nothing rests on views being entered in order or remembered.
 *
 * A nullify names the run of nullified views before its own that the voter holds proof of, and a nullification shows the
 * run that more than one of its voters name or go below; the Byzantine one names the longest. Who holds it needs no other.
 *
 * -DVIEWS=2 or 3: how many views there are; 4: for longer runs, with blocks in the first and the last view only.
 * -DFINE: deciding, fdatasync and sending are steps of their own.
 * -DINVARIANTS: checks not only agreement but what leads to it.
 * Mutations, each of which must break agreement:
 * -DFINALIZE_AFTER_NULLIFY -DNULLIFY_AFTER_FINALIZE -DNULLIFY_LOST -DNOTARIZE_LOST -DFINALIZE_LOST -DSKIP_UNCHECKED
 * -DPARENT_UNCHECKED -DSEND_BEFORE_SYNC (with FINE) -DTWO_BYZANTINE
 * -DRUN_UNPROVEN: a run is named without proof.   -DRUN_OF_ONE: what a single voter names is believed (with VIEWS=4)
 */
#ifndef VIEWS
#define VIEWS 2
#endif

#ifdef TWO_BYZANTINE
#define HONEST_VOTES 1
#else
#define HONEST_VOTES 2 /* of a quorum of three: the Byzantine one adds its own */
#endif

/* Blocks by number: 1 and 2 in view 1 on the genesis block 0; 3 to 5 in view 2 on 0 to 2; 6 to 11 in view 3 on 0 to 5.
 * With four views there are 1, and 3 and 4 of view 4, on 0 and 1. */
#define FIRST_VIEWS(b) ((b) == 0 -> 0 : ((b) < 3 -> 1 : ((b) < 6 -> 2 : 3)))
#define VIEW_OF(b) (VIEWS == 4 && (b) >= 3 -> 4 : FIRST_VIEWS(b))
#define PARENT_OF(b) ((b) < 3 -> 0 : ((b) < 6 -> (b) - 3 : (b) - 6))
#define BLOCKS (VIEWS == 3 -> 11 : 5)
#define IS_ANCESTOR(a, b) ((a) == PARENT_OF(b) || (a) == PARENT_OF(PARENT_OF(b)))

/* Votes are bits of a word: NOTARIZE and FINALIZE one for each block, NULLIFY one for each view, and one for where the
 * run before it begins. */
#define NOTARIZE(b) (1 << (b))
#define FINALIZE(b) (1 << ((b) + 11))
#define NULLIFY(v) (1 << ((v) + 22))
#define SINCE(v, s) (1 << ((v) == 2 -> 27 : 27 + (s))) /* since 1 of view 2, since 1 and 2 of view 3 */
#define HAS(word, vote) (((word) & (vote)) != 0)
#define BLOCKS_OF_VIEW(v) ((v) == 1 -> 6 : (VIEWS == 4 -> ((v) == 4 -> 56 : 0) : ((v) == 2 -> 56 : 4032)))
#define NOTARIZE_OF_VIEW(v) BLOCKS_OF_VIEW(v)
#define FINALIZE_OF_VIEW(v) (BLOCKS_OF_VIEW(v) << 11)
#define EVERY_NOTARIZE 4094
#define EVERY_FINALIZE (4094 << 11)
#define EVERY_NULLIFY (254 << 22)

int memory[3]; /* what the replica knows that it has voted */
int sent[3];   /* what has left it, ever */
#ifdef FINE
int disk[3];   /* what has survived an fdatasync */
#define DURABLE(r) disk[r]
#else
#define DURABLE(r) memory[r]
#endif

byte i, j;   /* scratch, 0 between steps */
int swap;

/* Certificates that anyone can have in this moment. */
#define CERTIFIED(vote) (HAS(sent[0], vote) + HAS(sent[1], vote) + HAS(sent[2], vote) >= HONEST_VOTES)
#define NOTARIZATION(b) ((b) == 0 || CERTIFIED(NOTARIZE(b)))
#define NULLIFICATION(v) CERTIFIED(NULLIFY(v))
#define FINALIZATION(b) CERTIFIED(FINALIZE(b))

/* Rule 2: the parent is notarized and every view between it and the block is nullified. */
#ifdef PARENT_UNCHECKED
#define PARENT_HOLDS(b) true
#else
#define PARENT_HOLDS(b) NOTARIZATION(PARENT_OF(b))
#endif
#ifdef SKIP_UNCHECKED
#define SKIPS_HOLD(b) true
#else
#define SKIPS_HOLD(b) NULLIFIED_FROM(VIEW_OF(PARENT_OF(b)) + 1, VIEW_OF(b))
#endif

/* Whether every view from s to the one before v is shown to be nullified. A run counts if one of the two honest voters
 * names it or more: with the Byzantine one that is more than f. */
#define NAMED(v, s) (HAS(sent[0] | sent[1] | sent[2], SINCE(v, s)))
#ifdef RUN_OF_ONE
#define RUN(v, s) NULLIFICATION(v)
#else
#define RUN(v, s) (NULLIFICATION(v) && NAMED(v, s))
#endif
#define FROM_1_TO_2 (NULLIFICATION(2) && (NULLIFICATION(1) || RUN(2, 1)))
#define FROM_2_TO_3 (NULLIFICATION(3) && (NULLIFICATION(2) || RUN(3, 2) || RUN(3, 1)))
#define FROM_1_TO_3 (NULLIFICATION(3) && (RUN(3, 1) || FROM_1_TO_2 || (RUN(3, 2) && (NULLIFICATION(1) || RUN(2, 1)))))
#define NULLIFIED_FROM(s, v) ((s) >= (v) -> true : ((v) == 2 -> NULLIFICATION(1) : ((v) == 3 -> \
    ((s) == 1 -> FROM_1_TO_2 : NULLIFICATION(2)) : ((s) == 1 -> FROM_1_TO_3 : ((s) == 2 -> FROM_2_TO_3 : NULLIFICATION(3))))))
#ifdef RUN_UNPROVEN
#define MAY_NAME(v, s) true
#else
#define MAY_NAME(v, s) NULLIFIED_FROM(s, v)
#endif

/* Rule 3. */
#ifdef NULLIFY_AFTER_FINALIZE
#define MAY_NULLIFY(w, v) true
#else
#define MAY_NULLIFY(w, v) !HAS(w, FINALIZE_OF_VIEW(v))
#endif

/* Rule 4. */
#ifdef FINALIZE_AFTER_NULLIFY
#define MAY_FINALIZE(w, v) !HAS(w, FINALIZE_OF_VIEW(v))
#else
#define MAY_FINALIZE(w, v) !HAS(w, FINALIZE_OF_VIEW(v) | NULLIFY(v))
#endif

/* What a restart finds of what was on disk. */
#ifdef NULLIFY_LOST
#define SURVIVING(w) ((w) & ~EVERY_NULLIFY)
#else
#ifdef NOTARIZE_LOST
#define SURVIVING(w) ((w) & ~EVERY_NOTARIZE)
#else
#ifdef FINALIZE_LOST
#define SURVIVING(w) ((w) & ~EVERY_FINALIZE)
#else
#define SURVIVING(w) (w)
#endif
#endif
#endif

/*
 * Agreement: two blocks that can be shown to be final lie on one chain. With INVARIANTS also what leads to it, so that
 * a mutation is caught by its harm alone: no view is both final and skipped, one block for each view is notarized, and
 * an honest replica never makes evidence against itself.
 */
#define TWO_OF(x) ((x) & ((x) - 1)) /* not 0 if more than one bit is set */
#define EVIDENCE(w, v) (TWO_OF((w) & NOTARIZE_OF_VIEW(v)) || TWO_OF((w) & FINALIZE_OF_VIEW(v)) \
    || (HAS(w, NULLIFY(v)) && HAS(w, FINALIZE_OF_VIEW(v))))
#define HARMLESS(w) (!EVIDENCE(w, 1) && !EVIDENCE(w, 2) && !EVIDENCE(w, 3) && (VIEWS < 4 || !EVIDENCE(w, 4)))
#define RUNS_HOLD ((!RUN(2, 1) || NULLIFICATION(1)) && (!RUN(3, 2) || NULLIFICATION(2)) \
    && (!RUN(3, 1) || (NULLIFICATION(1) && NULLIFICATION(2))))
inline check_agreement() {
#ifdef INVARIANTS
    assert(HARMLESS(sent[0]) && HARMLESS(sent[1]) && HARMLESS(sent[2]));
    assert(RUNS_HOLD);
#endif
    i = 1;
    do
    :: i <= BLOCKS ->
#ifdef INVARIANTS
        j = 1;
        do
        :: j < i ->
            assert(VIEW_OF(i) != VIEW_OF(j) || !NOTARIZATION(i) || !NOTARIZATION(j));
            j++
        :: else -> break
        od;
        assert(!FINALIZATION(i) || (NOTARIZATION(i) && !NULLIFICATION(VIEW_OF(i))));
#endif
        if
        :: FINALIZATION(i) ->
            j = 1;
            do
            :: j < i ->
                assert(!FINALIZATION(j) || IS_ANCESTOR(j, i));
                j++
            :: else -> break
            od
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0;
    j = 0
}

/* The honest replicas are alike, so states that differ only in their order are one. */
#ifdef FINE
#define EXCHANGE_DISKS(a, b) swap = disk[a]; disk[a] = disk[b]; disk[b] = swap
#define AFTER(a, b) (memory[a] > memory[b] || (memory[a] == memory[b] && (sent[a] > sent[b] \
    || (sent[a] == sent[b] && disk[a] > disk[b]))))
#else
#define EXCHANGE_DISKS(a, b) skip
#define AFTER(a, b) (memory[a] > memory[b] || (memory[a] == memory[b] && sent[a] > sent[b]))
#endif
inline order(a, b) {
    if
    :: AFTER(a, b) ->
        swap = memory[a]; memory[a] = memory[b]; memory[b] = swap;
        swap = sent[a]; sent[a] = sent[b]; sent[b] = swap;
        EXCHANGE_DISKS(a, b)
    :: else
    fi
}

inline settle() {
    order(0, 1);
    order(1, 2);
    order(0, 1);
    swap = 0
}

#if defined(FINE) && !defined(SEND_BEFORE_SYNC)
#define LEAVES(r, vote) skip
#else
#define LEAVES(r, vote) sent[r] = sent[r] | (vote); check_agreement()
#endif
#define VOTE(r, vote) memory[r] = memory[r] | (vote); LEAVES(r, vote); settle()

/* Blocks 1 and 2 are alike: whichever is voted for first is called 1. */
#define IN_ORDER(b) ((b) != 2 || HAS(memory[0] | memory[1] | memory[2] | sent[0] | sent[1] | sent[2], NOTARIZE(1)))

#define NOTARIZE_BLOCK(r, b) \
    :: d_step { !HAS(memory[r], NOTARIZE_OF_VIEW(VIEW_OF(b))) && PARENT_HOLDS(b) && SKIPS_HOLD(b) && IN_ORDER(b) -> \
        VOTE(r, NOTARIZE(b)) }
#define FINALIZE_BLOCK(r, b) \
    :: d_step { MAY_FINALIZE(memory[r], VIEW_OF(b)) && NOTARIZATION(b) -> VOTE(r, FINALIZE(b)) }
#define NULLIFY_VIEW(r, v) \
    :: d_step { !HAS(memory[r], NULLIFY(v)) && MAY_NULLIFY(memory[r], v) -> VOTE(r, NULLIFY(v)) }
#define NULLIFY_RUN(r, v, s) \
    :: d_step { !HAS(memory[r], NULLIFY(v)) && MAY_NULLIFY(memory[r], v) && MAY_NAME(v, s) -> VOTE(r, NULLIFY(v) | SINCE(v, s)) }
#define RESTART(r) \
    :: d_step { memory[r] != SURVIVING(DURABLE(r)) -> memory[r] = SURVIVING(DURABLE(r)); settle() }

/* One fdatasync covers all that was decided; what is sent is what is on disk, and may be sent again after a restart. */
#define SYNC(r) :: d_step { disk[r] != memory[r] -> disk[r] = memory[r]; settle() }
#define SEND(r) :: d_step { (sent[r] | disk[r]) != sent[r] -> sent[r] = sent[r] | disk[r]; check_agreement(); settle() }
#ifdef FINE
#ifdef SEND_BEFORE_SYNC
#define SYNC_AND_SEND(r) SYNC(r)
#else
#define SYNC_AND_SEND(r) SYNC(r) SEND(r)
#endif
#else
#define SYNC_AND_SEND(r)
#endif

/* NULLIFY of the last view is left out: no block follows for which its certificate could matter. */
#define ABOUT(r, b) NOTARIZE_BLOCK(r, b) FINALIZE_BLOCK(r, b)
#define TWO_VIEWS(r) NULLIFY_VIEW(r, 1) ABOUT(r, 1) ABOUT(r, 2) ABOUT(r, 3) ABOUT(r, 4) ABOUT(r, 5)
#if VIEWS == 4
#define ALL_VIEWS(r) NULLIFY_VIEW(r, 1) ABOUT(r, 1) ABOUT(r, 3) ABOUT(r, 4)
#else
#define ALL_VIEWS(r) TWO_VIEWS(r)
#endif
#if VIEWS == 4
#define THIRD_VIEW(r) NULLIFY_VIEW(r, 2) NULLIFY_RUN(r, 2, 1) NULLIFY_VIEW(r, 3) NULLIFY_RUN(r, 3, 1) NULLIFY_RUN(r, 3, 2)
#else
#if VIEWS == 3
#define THIRD_VIEW(r) NULLIFY_VIEW(r, 2) ABOUT(r, 6) ABOUT(r, 7) ABOUT(r, 8) ABOUT(r, 9) ABOUT(r, 10) ABOUT(r, 11)
#else
#define THIRD_VIEW(r)
#endif
#endif
#define REPLICA(r) ALL_VIEWS(r) THIRD_VIEW(r) SYNC_AND_SEND(r) RESTART(r)

active proctype cluster() {
end:
    do
    REPLICA(0)
    REPLICA(1)
    REPLICA(2)
    od
}
