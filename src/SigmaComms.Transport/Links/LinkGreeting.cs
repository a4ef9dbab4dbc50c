using System.Buffers;
using System.IO.Pipelines;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// The first request on a connection and its answer, while it is not known yet which link the connection is for.
/// Exactly one frame is taken each time; what comes behind it stays for the link.
/// </summary>
public static class LinkGreeting
{
    private const ulong FirstCorrelation = 1;

    /// <summary>Reads the peer's first frame.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The frame; without a message if it is of an unknown kind.</returns>
    /// <exception cref="LinkException">
    /// The peer left, or broke the format; in that case it was told so. The connection is still the caller's to close.
    /// </exception>
    public static async ValueTask<LinkFrame> ReadAsync(IDuplexPipe connection, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            while (true)
            {
                ReadResult result = await connection.Input.ReadAsync(ct);
                ReadOnlySequence<byte> rest = result.Buffer;
                FrameStatus status = LinkCodec.TryRead(ref rest, out LinkFrame frame);
                connection.Input.AdvanceTo(rest.Start, status == FrameStatus.NeedMore ? rest.End : rest.Start);
                if (status is FrameStatus.Read or FrameStatus.UnknownMessage)
                {
                    return frame;
                }

                if (status != FrameStatus.NeedMore)
                {
                    throw await RejectAsync(connection, status, ct);
                }

                if (result.IsCompleted)
                {
                    throw new LinkException(LinkFailure.Dropped, "the peer left before it said anything");
                }
            }
        }
        catch (Exception lost) when (lost is not (LinkException or OperationCanceledException))
        {
            throw new LinkException(LinkFailure.Dropped, $"the connection broke: {lost.Message}", lost);
        }
    }

    /// <summary>Writes one frame.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="message">What to say.</param>
    /// <param name="kind">Request, reply or push.</param>
    /// <param name="correlation">Joins a request and its reply.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="LinkException">The peer left.</exception>
    public static async ValueTask WriteAsync(
        IDuplexPipe connection, LinkMessage message, FrameKind kind, ulong correlation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            LinkCodec.Write(message, kind, correlation, connection.Output);
            await connection.Output.FlushAsync(ct);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw new LinkException(LinkFailure.Dropped, $"the connection broke: {lost.Message}", lost);
        }
    }

    /// <summary>Asks the first question on a connection that this side made.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="LinkException">The peer refused, answered something else, or left.</exception>
    internal static async ValueTask<Welcome> AskAsync(
        IDuplexPipe connection, LinkMessage request, CancellationToken ct)
    {
        await WriteAsync(connection, request, FrameKind.Request, FirstCorrelation, ct);
        LinkFrame answer = await ReadAsync(connection, ct);
        return answer.Message switch
        {
            Welcome welcome when answer.Kind == FrameKind.Reply => welcome,
            Refused refused => throw new LinkException(refused),
            _ => throw new LinkException(LinkFailure.Unexpected, "the greeting was answered with something else"),
        };
    }

    private static async ValueTask<LinkException> RejectAsync(
        IDuplexPipe connection, FrameStatus status, CancellationToken ct)
    {
        RefusalReason reason = status == FrameStatus.TooLarge ? RefusalReason.TooLarge : RefusalReason.Malformed;
        const string detail = "the first frame is malformed or too large";
        await WriteAsync(connection, new Goodbye(reason, detail), FrameKind.Push, 0, ct);
        return new LinkException(LinkFailure.Unexpected, detail);
    }
}
