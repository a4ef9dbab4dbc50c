using System.Threading.Channels;

namespace SigmaComms.Client.Agent;

/// <summary>One request that waits for replies.</summary>
internal sealed class AgentExchange
{
    private readonly Channel<AgentReply> _replies = Channel.CreateUnbounded<AgentReply>();

    /// <summary>A reply came.</summary>
    public void Add(AgentReply reply) => _replies.Writer.TryWrite(reply);

    /// <summary>No more replies come.</summary>
    public void End() => _replies.Writer.TryComplete();

    /// <summary>The next reply.</summary>
    /// <exception cref="ClientException">It is an error, or the agent went away.</exception>
    public async ValueTask<AgentReply> NextAsync(CancellationToken ct)
    {
        if (!await _replies.Reader.WaitToReadAsync(ct) || !_replies.Reader.TryRead(out AgentReply? reply))
        {
            throw new ClientException(ClientFailure.Closed, "The agent went away. What it had stored, it sends later.");
        }

        if (reply.Event != AgentEvent.Error)
        {
            return reply;
        }

        ClientFailure reason = Enum.TryParse(reply.Code, out ClientFailure known) ? known : ClientFailure.Protocol;
        throw new ClientException(reason, reply.Message ?? "The agent gave no reason.");
    }

    /// <summary>The next reply of the given kind; progress before it goes to the listener.</summary>
    public async Task<AgentReply> ExpectAsync(
        string expected, IProgress<Attachments.AttachmentProgress>? progress, CancellationToken ct)
    {
        while (true)
        {
            AgentReply reply = await NextAsync(ct);
            if (reply.Event == expected)
            {
                return reply;
            }

            if (reply.Event == AgentEvent.Progress)
            {
                progress?.Report(new Attachments.AttachmentProgress(reply.DoneBytes ?? 0, reply.TotalBytes ?? 0));
            }
        }
    }
}
