namespace SigmaComms.Actors.Tests.Exploration;

/// <summary>Keeps a balance. Who reads it and writes it back later plants a lost update.</summary>
internal sealed class Account : ReceiveActor
{
    private int _balance;

    public Account()
    {
        Receive<Read>(_ => Sender!.Tell(new Balance(_balance)));
        Receive<Write>(write => _balance = write.Amount);
        Receive<Add>(add => _balance += add.Amount);
    }

    public sealed record Read;

    public sealed record Balance(int Amount);

    public sealed record Write(int Amount);

    public sealed record Add(int Amount);

    /// <summary>Adds one to the account, when told to: in one message, or by reading and then writing.</summary>
    public sealed class Depositor : ReceiveActor
    {
        public Depositor(IActorRef account, bool atOnce)
        {
            Receive<string>(_ => account.Tell(atOnce ? new Add(1) : new Read(), Self));
            Receive<Balance>(balance => account.Tell(new Write(balance.Amount + 1)));
        }
    }
}
