using SigmaComms.Cluster.Control;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Control;

/// <summary>The file that shows a command to be in the control log, to whoever has the cluster's file.</summary>
internal static class ProofFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Fetches the proof of a command that was answered, and checks it: no node is believed.</summary>
    /// <param name="client">Asks the node that answered.</param>
    /// <param name="node">Its name.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">The node has no proof, or one that does not hold.</exception>
    public static async Task<CommandProof> FetchAsync(
        ControlClient client,
        string node,
        CommandAnswer answer,
        ClusterFile cluster,
        TimeProvider time,
        CancellationToken stop)
    {
        long start = time.GetTimestamp();
        byte[]? encoded = await client.ProveAsync(answer, stop);
        while (encoded is null && time.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Pause, time, stop);
            encoded = await client.ProveAsync(answer, stop);
        }

        if (encoded is null)
        {
            throw new CommandException(
                ExitCode.Unavailable, "the command is final, but there is no proof of it",
                $"{node} does not keep the block, its certificate, or a hand-over to its epoch",
                "ask a node that was there from the beginning: --node NAME");
        }

        CommandProof proof = Check(encoded, cluster, $"what {node} sent");
        return proof.Command.Client == answer.Client && proof.Command.Sequence == answer.Sequence
            ? proof
            : throw Broken($"what {node} sent", "it is of another command");
    }

    /// <summary>Writes a proof; it is no secret.</summary>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static void Write(string path, CommandProof proof)
    {
        try
        {
            File.WriteAllBytes(path, proof.Encode());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failure, $"cannot write {path}", error.Message, "choose another file", error);
        }
    }

    /// <summary>Reads a proof and checks it with the validators' keys alone.</summary>
    /// <exception cref="CommandException">There is no such file, or it does not hold.</exception>
    public static CommandProof Load(string path, ClusterFile cluster)
    {
        try
        {
            FileInfo file = new(path);
            return file.Exists && file.Length > CommandProof.EncodedSizeMax
                ? throw Broken(path, "it is too large for one")
                : Check(File.ReadAllBytes(path), cluster, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read {path}", error.Message,
                "make a proof: sigma control propose-noop --proof FILE", error);
        }
    }

    private static CommandProof Check(byte[] encoded, ClusterFile cluster, string what)
    {
        if (!CommandProof.TryDecode(encoded, out CommandProof? proof))
        {
            throw Broken(what, "its bytes are no proof: it was changed, or is another file");
        }

        return proof.Check(cluster.OpenGenesis()!) switch
        {
            CommandProofVerdict.Holds => proof,
            CommandProofVerdict.ForeignCluster => throw new CommandException(
                ExitCode.VerificationFailed, $"{what} is no proof for {cluster.Name}",
                "it is of another cluster's log", "name that cluster's file: --cluster FILE"),
            CommandProofVerdict.HandoverNotProven => throw Broken(
                what, "a hand-over between epochs is not signed by a quorum of the validators before it"),
            _ => throw Broken(
                what, "its command does not lead to a block that a quorum of validators has signed"),
        };
    }

    private static CommandException Broken(string what, string why) => new(
        ExitCode.VerificationFailed, $"{what} proves nothing", why,
        "get it again from who made it; do not act on it");
}
