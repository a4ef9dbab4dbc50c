using System.Globalization;

namespace SigmaComms.FuseProbe.Calls;

/// <summary>
/// Lines "NAME ARGUMENT..." in, lines "ok VALUE" or "no ERRNO" out. Arguments are escaped as in addresses.
/// </summary>
public static class CallLoop
{
    public static void Run(TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        while (input.ReadLine() is { } line)
        {
            string[] words = [.. line.Split(' ').Select(Uri.UnescapeDataString)];
            try
            {
                string value = Call.Make(words[0], new Arguments(words));
                output.WriteLine($"ok {Uri.EscapeDataString(value)}");
            }
            catch (CallException e)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"no {e.Error}"));
            }

            output.Flush();
        }
    }
}
