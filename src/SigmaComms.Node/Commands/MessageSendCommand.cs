using System.CommandLine;
using System.Text;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma message send.</summary>
internal sealed class MessageSendCommand : Verb
{
    private readonly Argument<string> _to = new("to") { Description = "The recipient's account name" };

    private readonly Argument<string?> _text = new("text")
    {
        Description = "The text; - reads it from standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _file = new("--file")
    {
        HelpName = "FILE",
        Description = "Send a file instead of a text",
    };

    private readonly Option<string> _wait = new("--wait")
    {
        HelpName = "STATE",
        Description = "stored: in the outbox of this machine; accepted: durable on two nodes; delivered",
        DefaultValueFactory = _ => "accepted",
    };

    private readonly CountOption _timeout = new(
        "--timeout", "SECONDS", "How long to wait for that. Default 30; for a file 600");

    private readonly Option<string?> _node = NodeOption.Create();

    public MessageSendCommand()
        : base(
            "send",
            "Sends a text or a file, end-to-end encrypted.",
            "sigma message send beta \"hello\"",
            "sigma message send beta --file report.pdf --wait delivered",
            "date | sigma message send beta -")
    {
        _wait.AcceptOnlyFromAmong("stored", "accepted", "delivered");
        Add(_to);
        Add(_text);
        Add(_file);
        Add(_wait);
        Add(_timeout);
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string to = context.Arguments.GetRequiredValue(_to);
        string? file = context.Arguments.GetValue(_file);
        string? text = context.Arguments.GetValue(_text);
        if ((file is null) == (text is null))
        {
            throw new CommandException(
                ExitCode.Usage, "cannot send", "wanted is either a text or --file",
                    "sigma message send --help shows how");
        }

        string? path = file is null ? null : FileToSend.Find(file);
        text = text == "-" ? await ReadAsync(context.Stop) : text;
        string until = context.Arguments.GetValue(_wait)!;
        int seconds = context.Arguments.GetValue(_timeout) ?? (path is null ? 30 : 600);
        await using AgentDoor door = await AgentDoor.OpenAsync(context, context.Arguments.GetValue(_node));
        string message = await SendAsync(context, door, to, path, text, until, TimeSpan.FromSeconds(seconds));
        context.Output.Line($"{message} {until}");
        context.Output.Object(writer =>
        {
            writer.WriteString("message", message);
            writer.WriteString("to", to);
            writer.WriteString("state", until);
        });
        return ExitCode.Ok;
    }

    private static async Task<string> SendAsync(
        CommandContext context,
        AgentDoor door,
        string to,
        string? path,
        string? text,
        string until,
        TimeSpan patience)
    {
        long start = context.Time.GetTimestamp();
        AgentMessage? message = null;
        try
        {
            Task<AgentMessage> storing = path is null
                ? door.Agent.SendTextAsync(to, text!, context.Stop)
                : door.Agent.SendFileAsync(to, path, null, context.Stop);
            message = await storing.WaitAsync(patience, context.Time, context.Stop);
            Task wanted = until switch
            {
                "accepted" => message.Accepted,
                "delivered" => message.Delivered,
                _ => Task.CompletedTask,
            };
            TimeSpan left = patience - context.Time.GetElapsedTime(start);
            await wanted.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, context.Time, context.Stop);
            return message.Id;
        }
        catch (TimeoutException)
        {
            AgentStatus status = await door.Agent.GetStatusAsync(context.Stop);
            throw door.DiskFault is { } disk
                ? SendDelay.Explain(to, disk)
                : SendDelay.Explain(to, message, status, !door.IsServing, patience);
        }
    }

    private static async Task<string> ReadAsync(CancellationToken stop)
    {
        await using Stream input = Console.OpenStandardInput();
        byte[] bytes = new byte[MessagingClient.TextMaxBytes + 1];
        int length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        if (length == bytes.Length)
        {
            throw new CommandException(
                ExitCode.Usage,
                "cannot send",
                $"the text is longer than {MessagingClient.TextMaxBytes} bytes",
                "put it into a file and send that with --file");
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
