using SigmaComms.Actors.Health;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>Turns facts into findings. Pure: same facts, same findings.</summary>
internal static class HealthJudge
{
    public const string Membership = "membership";
    public const string Storage = "storage";

    private const long DiskLowBytes = 512L << 20;
    private const long DiskGoneBytes = 64L << 20;
    private const int ThreadPoolQueueMax = 10_000;

    /// <summary>The checks, always the same names in the same order.</summary>
    /// <param name="facts">What is known.</param>
    /// <param name="parts">The findings about the parts.</param>
    public static IReadOnlyList<Finding> Checks(HealthFacts facts, IReadOnlyCollection<Finding> parts) =>
    [
        OfMembership(facts.Node),
        OfStorage(facts),
        OfActors(facts, parts),
        OfMailboxes(facts),
        OfClients(facts),
        OfDisk(facts),
        OfThreads(facts.Resources),
        .. facts.Node.Control is { } control ? [ControlJudge.Judge(control)] : Array.Empty<Finding>(),
        .. FragmentJudge.Judge(facts.Node.Storage),
        .. RepairJudge.Judge(facts.Node),
    ];

    private static Finding OfMembership(NodeHealth node)
    {
        string detail = Invariant($"{node.MembersUp} of {node.Members} members are up");
        if (!node.IsReady)
        {
            return new Finding(Membership, "not_joined", Verdict.Unhealthy, detail,
                "the node has not joined yet: check the seeds in node.json and that one of them runs");
        }

        if (node.MembersUp * 2 <= node.Members && node.Members > 1)
        {
            return new Finding(Membership, "minority", Verdict.Unhealthy, detail,
                Invariant($"only {node.MembersUp} of {node.Members} are up: start the others or mend the network"));
        }

        return node.MembersUp < node.Members
            ? new Finding(Membership, "members_missing", Verdict.Degraded, detail,
                Invariant($"{node.Members - node.MembersUp} of {node.Members} are not up: sigma cluster status"))
            : new Finding(Membership, "ok", Verdict.Healthy, detail);
    }

    private static Finding OfStorage(HealthFacts facts)
    {
        int inWindow = facts.StorageFailuresInWindow;
        string detail = Invariant($"{inWindow} writes failed in {facts.Window}")
            + (inWindow > 0 && facts.Node.StorageError is { } error ? $", the last: {error}" : "");
        string where = facts.Server ?? facts.DataDirectory;
        if (facts.Node.IsStorageFailing)
        {
            string remedy = facts.Server is not null
                ? $"start {facts.Server}, or mend the way to it"
                : Invariant($"{facts.Resources.DiskFreeBytes >> 20} MiB are free: make room in {where} ")
                    + "or mend its disk";
            return new Finding(Storage, "writes_fail", Verdict.Unhealthy, detail,
                $"the last write failed, {remedy}; the node goes on by itself");
        }

        return inWindow > 0
            ? new Finding(Storage, "writes_failed", Verdict.Degraded, detail,
                Invariant($"{inWindow} writes to {where} failed, the last did not: look at it"))
            : new Finding(Storage, "ok", Verdict.Healthy, detail);
    }

    private static Finding OfActors(HealthFacts facts, IReadOnlyCollection<Finding> parts)
    {
        if (facts.Tree.Failure is { } failure)
        {
            return new Finding("actors", "escalated", Verdict.Unhealthy, failure, "restart the node");
        }

        int failures = facts.Failures.Values.Sum(static part => part.InWindow);
        string figures = Invariant($"{facts.Tree.All.Count()} actors, {failures} failures in {facts.Window}");
        return parts.MaxBy(static part => part.Verdict) is { Verdict: not Verdict.Healthy } worst
            ? new Finding(
                "actors", worst.Code, worst.Verdict, $"{worst.Name}: {worst.Detail}; {figures}", worst.Recommendation)
            : new Finding("actors", "ok", Verdict.Healthy, figures);
    }

    private static Finding OfMailboxes(HealthFacts facts)
    {
        NodeHealth node = facts.Node;
        double share = (double)node.MailboxBytes / facts.MailboxBytesMax;
        string detail = Invariant(
            $"{node.Mailboxes} mailboxes hold {node.MailboxBytes >> 20} of {facts.MailboxBytesMax >> 20} MiB");
        string remedy = Invariant($"{share:P0} of the node's room for messages is used (option MailboxBytesTotalMax): ")
            + "let recipients fetch, or add a node";
        return share >= 1 ? new Finding("mailboxes", "full", Verdict.Unhealthy, detail, remedy)
            : share >= 0.9 ? new Finding("mailboxes", "nearly_full", Verdict.Degraded, detail, remedy)
            : new Finding("mailboxes", "ok", Verdict.Healthy, detail);
    }

    private static Finding OfClients(HealthFacts facts)
    {
        string detail = Invariant($"{facts.Node.Clients} of {facts.ClientsMax} clients are connected");
        return facts.Node.Clients >= facts.ClientsMax * 0.9
            ? new Finding("clients", "nearly_full", Verdict.Degraded, detail,
                detail + " (option ClientsMax): add a node")
            : new Finding("clients", "ok", Verdict.Healthy, detail);
    }

    private static Finding OfDisk(HealthFacts facts)
    {
        long free = facts.Resources.DiskFreeBytes;
        string detail = Invariant($"{free >> 20} MiB are free in {facts.DataDirectory}");
        return free < 0 ? new Finding("disk", "ok", Verdict.Healthy, "free space cannot be told")
            : free < DiskGoneBytes
                ? new Finding("disk", "full", Verdict.Unhealthy, detail, detail + ": make room")
            : free < DiskLowBytes
                ? new Finding("disk", "low", Verdict.Degraded, detail, detail + ": make room")
            : new Finding("disk", "ok", Verdict.Healthy, detail);
    }

    private static Finding OfThreads(ResourceReading resources)
    {
        string detail = Invariant(
            $"{resources.ThreadPoolQueue} work items wait for {resources.ThreadPoolThreads} threads");
        return resources.ThreadPoolQueue > ThreadPoolQueueMax
            ? new Finding("threads", "starved", Verdict.Degraded, detail,
                detail + ": the machine has too few cores for this load, or a handler blocks (see SlowHandler)")
            : new Finding("threads", "ok", Verdict.Healthy, detail);
    }
}
