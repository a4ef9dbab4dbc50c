using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Guards;

/// <summary>The few words in which tests of the vote guard say votes.</summary>
internal static class GuardScript
{
    public static Digest A { get; } = Digest.Sha256("a"u8);
    public static Digest B { get; } = Digest.Sha256("b"u8);

    public static Digest ClusterId { get; } = Digest.Sha256("cluster"u8);

    /// <summary>Admits a statement and makes it durable, if it may be.</summary>
    public static void Say(VoteGuard guard, Statement statement)
    {
        if (guard.Admit(statement) == GuardVerdict.Admitted)
        {
            guard.Stage(WalPosition.Start);
            guard.File.Sync();
            guard.Settle();
        }
    }

    /// <summary>For example "notarize a" or "nullify", in epoch 5.</summary>
    public static Statement Parse(string text, ulong view)
    {
        string[] words = text.Split(' ');
        VoteKind kind = Enum.Parse<VoteKind>(words[0], ignoreCase: true);
        Digest block = words.Length == 1 ? default : words[1] == "a" ? A : B;
        return new Statement(kind, new Epoch(5), new View(view), block);
    }
}
