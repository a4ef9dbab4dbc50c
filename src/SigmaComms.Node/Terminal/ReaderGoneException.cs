namespace SigmaComms.Node.Terminal;

/// <summary>Who read standard output has gone away, as <c>head</c> does: nobody is there to be told anything.</summary>
internal sealed class ReaderGoneException()
    : Exception("Nobody reads standard output any more.");
