namespace SigmaComms.Cluster.Telemetry;

/// <summary>
/// Lets so many failures of one type of actor a second be told in full; of the others only the count is kept. Not
/// safe to call from two threads at once.
/// </summary>
internal sealed class FailureBudget(TimeProvider time)
{
    private const int EachSecond = 20;

    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Whether this one may be told.</summary>
    public bool TryTake(string type, string path, string error)
    {
        if (!_lines.TryGetValue(type, out Line? line))
        {
            _lines.Add(type, line = new Line { Since = time.GetTimestamp() });
        }

        if (time.GetElapsedTime(line.Since) >= TimeSpan.FromSeconds(1))
        {
            line.Since = time.GetTimestamp();
            line.Told = 0;
        }

        if (line.Told++ < EachSecond)
        {
            return true;
        }

        line.Untold++;
        line.Path = path;
        line.Error = error;
        return false;
    }

    /// <summary>What was not told since the last call.</summary>
    public IReadOnlyList<(string Type, long Count, string Path, string Error)> TakeUntold()
    {
        List<(string, long, string, string)> untold = [];
        foreach ((string type, Line line) in _lines.Where(pair => pair.Value.Untold > 0))
        {
            untold.Add((type, line.Untold, line.Path, line.Error));
            line.Untold = 0;
        }

        return untold;
    }

    private sealed class Line
    {
        public long Since { get; set; }

        public int Told { get; set; }

        public long Untold { get; set; }

        public string Path { get; set; } = "";

        public string Error { get; set; } = "";
    }
}
