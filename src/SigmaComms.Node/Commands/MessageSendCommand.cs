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

    private readonly Option<int> _timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "How long to wait for that. Default 30; for a file 600",
    };

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

        string? path = file is null ? null : Existing(file);
        text = text == "-" ? await ReadAsync(context.Stop) : text;
        string until = context.Arguments.GetValue(_wait)!;
        int seconds = context.Arguments.GetValue(_timeout) is var given and > 0 ? given : path is null ? 30 : 600;
        await using AgentDoor door = await AgentDoor.OpenAsync(context);
        string message = await SendAsync(context, door.Agent, to, path, text, until, TimeSpan.FromSeconds(seconds));
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
        AgentClient agent,
        string to,
        string? path,
        string? text,
        string until,
        TimeSpan patience)
    {
        long start = context.Time.GetTimestamp();
        try
        {
            Task<AgentMessage> storing = path is null
                ? agent.SendTextAsync(to, text!, context.Stop)
                : agent.SendFileAsync(to, path, null, context.Stop);
            AgentMessage message = await storing.WaitAsync(patience, context.Time, context.Stop);
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
        catch (TimeoutException late)
        {
            throw new CommandException(
                ExitCode.Unavailable,
                $"the message to {to} is not {until} yet",
                $"it took longer than {patience.TotalSeconds} s; too few nodes answer, or the recipient is off line",
                "if it is in the outbox it is sent when this identity is next open: sigma agent, sigma message listen",
                late);
        }
    }

    private static string Existing(string file) => File.Exists(file)
        ? Path.GetFullPath(file)
        : throw new CommandException(ExitCode.NotFound, "cannot send", $"there is no file {file}", "check the path");

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
