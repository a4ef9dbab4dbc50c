using Spectre.Console;

namespace SigmaComms.Node.Terminal;

/// <summary>A table for people, as wide as it must be; rendered only where it is shown.</summary>
internal sealed class TextTable
{
    private const int WidthCharacters = 200;

    private readonly string[] _headings;
    private readonly List<string[]> _rows = [];

    /// <summary>Starts with its headings.</summary>
    public TextTable(params string[] headings) => _headings = headings;

    /// <summary>Adds a row with a cell per heading. What a cell came from elsewhere with is made harmless.</summary>
    public void Row(params string[] cells) => _rows.Add([.. cells.Select(TerminalText.Plain)]);

    /// <summary>The whole table.</summary>
    /// <param name="color">Whether the terminal shows colours.</param>
    public string Render(bool color)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = WidthCharacters;
        Table table = new() { Border = TableBorder.Simple };
        foreach (string heading in _headings)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(heading, new Style(decoration: Decoration.Bold)))
                .NoWrap());
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row.Select(cell => new Spectre.Console.Text(cell)));
        }

        console.Write(table);
        IEnumerable<string> lines = text.ToString().Split('\n').Select(line => line.TrimEnd())
            .Where(line => line.Length > 0);
        return string.Join('\n', lines);
    }
}
