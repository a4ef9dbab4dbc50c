using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Node.Nodes;

namespace SigmaComms.Node.Tests.Nodes;

public sealed class JsonLogFormatterTests
{
    [Fact]
    public void An_entry_has_the_shape_of_all_other_lines_of_json()
    {
        using StringWriter text = new();
        LogEntry<string> entry = new(
            LogLevel.Warning, "Sigma.Test", new EventId(7), "it broke", new InvalidOperationException("why"),
            (state, _) => state);

        new JsonLogFormatter().Write(entry, null, text);

        Assert.Equal(1, text.ToString().Count(c => c == '\n'));
        using JsonDocument document = JsonDocument.Parse(text.ToString());
        Assert.Equal(1, document.RootElement.GetProperty("v").GetInt32());
        JsonElement log = document.RootElement.GetProperty("log");
        Assert.Equal("warning", log.GetProperty("level").GetString());
        Assert.Equal("it broke", log.GetProperty("message").GetString());
        Assert.Contains("why", log.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }
}
