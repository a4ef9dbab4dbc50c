using System.Collections.Concurrent;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>A supervisor of ledgers that notes their failures.</summary>
internal sealed class LedgerHouse : ReceiveActor
{
    private readonly SupervisorStrategy _strategy;

    private LedgerHouse(ConcurrentQueue<Exception> failures, Backoff backoff)
    {
        SupervisorStrategy usual = RecoveringStrategy.OneForOne(backoff);
        _strategy = usual with
        {
            Decider = cause =>
            {
                failures.Enqueue(cause);
                return usual.Decider(cause);
            },
        };
        Receive<LedgerSettings>(settings => Sender!.Tell(Context.ActorOf(Props.Create(() => new Ledger(settings)))));
    }

    protected override SupervisorStrategy SupervisorStrategy => _strategy;

    public static Props Of(ConcurrentQueue<Exception> failures, Backoff backoff) =>
        Props.Create(() => new LedgerHouse(failures, backoff));
}
